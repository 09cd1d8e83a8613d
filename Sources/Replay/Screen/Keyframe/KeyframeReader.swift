/// Reads a keyframe. What is made of it is checked as a whole at the end (`brokenInvariant`), so that no bytes,
/// however chosen, give a screen that could not have come about by feeding.
struct KeyframeReader {
  let bytes: [UInt8]
  /// One past the last byte before the checksum.
  let end: Int
  var place = 0

  init(_ bytes: [UInt8]) throws(KeyframeError) {
    self.bytes = bytes
    guard let layout = bytes.first else { throw .truncated(offset: 0) }
    guard layout == Keyframe.layout else { throw .layout(layout) }
    guard bytes.count > 5 else { throw .truncated(offset: bytes.count) }
    end = bytes.count - 4
    let expected = bytes[end...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let found = Checksum.of(bytes.span, 0..<end)
    guard found == expected else { throw .checksum(expected: expected, found: found) }
    place = 1
  }

  mutating func terminal(scrollbackLimit: Int) throws(KeyframeError) -> TerminalScreen {
    let (columns, rows) = (try number(), try number())
    let size = ScreenSize(columns: columns, rows: rows)
    guard !size.isClamped else { throw invalid("a size of \(columns) by \(rows)") }
    var screen = Screen(size: size, scrollbackLimit: scrollbackLimit)
    let styles = try readTables(into: &screen)
    try readState(into: &screen, styles)
    let parser = try readParser()
    screen.grid = try readGrid(into: &screen, styles, version: 0)
    if try flag() {
      let other = try readGrid(into: &screen, styles, version: screen.grid.version)
      screen.grid.version = other.version
      screen.inactiveGrid = other
    }
    guard place == end else { throw invalid("bytes after the end") }
    screen.changePen()
    screen.hasWideRows = screen.anyRowIsWide
    screen.refreshPlain()
    if let problem = screen.brokenInvariant() { throw invalid(problem) }
    return TerminalScreen(parser: parser, screen: screen)
  }

  func invalid(_ what: String) -> KeyframeError { .invalid(what, offset: place) }

  // MARK: Numbers

  mutating func byte() throws(KeyframeError) -> UInt8 {
    guard place < end else { throw .truncated(offset: place) }
    defer { place += 1 }
    return bytes[place]
  }

  @inline(__always)
  mutating func number() throws(KeyframeError) -> Int {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try byte()
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return Int(Int64(bitPattern: value)) }
      shift += 7
      guard shift < 64 else { throw invalid("a number of more than 64 bits") }
    }
  }

  /// A number of at most `limit`.
  mutating func number(upTo limit: Int) throws(KeyframeError) -> Int {
    let number = try number()
    guard number >= 0, number <= limit else { throw invalid("\(number), at most \(limit)") }
    return number
  }

  /// How many things follow that take a byte at least: never more than are left.
  mutating func count() throws(KeyframeError) -> Int {
    let count = try number()
    guard count >= 0, count <= end - place else { throw .truncated(offset: place) }
    return count
  }

  mutating func signed() throws(KeyframeError) -> Int64 {
    let value = UInt64(bitPattern: Int64(try number()))
    return Int64(bitPattern: value >> 1 ^ (0 &- (value & 1)))
  }

  mutating func flag() throws(KeyframeError) -> Bool {
    let byte = try byte()
    guard byte < 2 else { throw invalid("\(byte) is neither yes nor no") }
    return byte == 1
  }

  mutating func text(upTo limit: Int) throws(KeyframeError) -> [UInt8] {
    let count = try count()
    guard count <= limit else { throw invalid("a text of \(count) bytes, at most \(limit)") }
    defer { place += count }
    return Array(bytes[place..<place + count])
  }

  /// One scalar as UTF-8, its first byte read.
  mutating func scalar(after first: UInt8) throws(KeyframeError) -> UInt32 {
    let length = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
    var scalar = length == 0 ? UInt32(first) : UInt32(first) & (0x3F >> UInt32(length))
    for _ in 0..<length { scalar = scalar << 6 | UInt32(try byte() & 0x3F) }
    guard Unicode.Scalar(scalar) != nil else { throw invalid("no scalar") }
    return scalar
  }

  // MARK: Tables

  /// Links and styles; the indexes in the screen's table of the styles by number.
  private mutating func readTables(into screen: inout Screen) throws(KeyframeError) -> [CellStyle] {
    var links: [UInt32] = [0]
    for _ in 0..<(try count()) {
      let id = try text(upTo: LinkTable.addressLimit)
      links.append(screen.links.index(of: .init(id: id, address: try text(upTo: LinkTable.addressLimit))))
    }
    var styles: [CellStyle] = []
    for _ in 0..<(try count()) {
      var style = CellStyle()
      style.foreground = try color()
      style.background = try color()
      style.underlineColor = try color()
      style.flags = CellStyle.Flags(rawValue: UInt16(try number(upTo: Int(CellStyle.Flags.all.rawValue))))
      guard let underline = CellStyle.Underline(rawValue: try byte()) else { throw invalid("an underline") }
      style.underline = underline
      let link = try number()
      guard links.indices.contains(link) else { throw invalid("link \(link) of \(links.count - 1)") }
      style.link = links[link]
      styles.append(style)
    }
    return styles
  }

  private mutating func color() throws(KeyframeError) -> CellColor {
    let raw = try number()
    let isColor = raw == 0 || (1 << 24..<1 << 24 + 256).contains(raw) || (2 << 24..<3 << 24).contains(raw)
    guard isColor else { throw invalid("color \(raw)") }
    return CellColor(raw: UInt32(raw))
  }

  // MARK: Grids

  private mutating func readGrid(
    into screen: inout Screen, _ styles: [CellStyle], version: UInt64
  ) throws(KeyframeError) -> Grid {
    var grid = Grid(columns: screen.columns, rows: screen.rows, version: version)
    for row in 0..<grid.rows { grid.set(try lineInfo(grid.columns, screen.now), row: row) }
    var indexes = [Int](repeating: -1, count: styles.count)
    for row in 0..<grid.rows {
      var column = grid.info(row).extent.lowerBound
      let occupancy = grid.info(row).extent.upperBound
      while column < occupancy {
        let count = try number()
        guard count > 0, count <= occupancy - column else { throw invalid("a run of \(count) cells") }
        let looks = try number()
        guard looks >= 0, looks >> 1 < styles.count else { throw invalid("style \(looks >> 1)") }
        if indexes[looks >> 1] < 0 { indexes[looks >> 1] = screen.index(of: styles[looks >> 1]) }
        var cell = Cell(style: indexes[looks >> 1])
        if looks & 1 == 1 { cell.bits |= Cell.protectedBit }
        let start = grid.start(row)
        for index in column..<column + count { grid.replaceCell(start + index, with: cell) }
        column += count
      }
    }
    for row in 0..<grid.rows { try readText(row, of: &grid, into: &screen) }
    return grid
  }

  private mutating func lineInfo(_ columns: Int, _ now: Int64) throws(KeyframeError) -> LineInfo {
    let flags = try byte()
    guard let size = LineInfo.Size(rawValue: flags >> 1 & 3),
      let mark = LineInfo.Mark(rawValue: flags >> 3 & 3),
      flags < 64
    else { throw invalid("a row's flags") }
    var info = LineInfo()
    info.isWrapped = flags & 1 != 0
    info.size = size
    info.mark = mark
    let (indent, occupancy) = (try number(upTo: columns), try number(upTo: columns))
    if indent < occupancy { (info.indent, info.occupancy) = (UInt16(indent), UInt16(occupancy)) }
    if flags & 32 != 0 {
      info.lastWrite = now &- (try signed())
      info.firstWrite = info.lastWrite &- (try signed())
    }
    return info
  }

  private mutating func readText(
    _ row: Int, of grid: inout Grid, into screen: inout Screen
  ) throws(KeyframeError) {
    let extent = grid.info(row).extent
    let end = grid.start(row) + extent.upperBound
    var index = grid.start(row) + extent.lowerBound
    while index < end {
      var first = try byte()
      var kind = Cell.Kind.narrow
      if first == 1 {
        kind = .wide
        guard index + 1 < end else { throw invalid("a wide character in the last column") }
        first = try byte()
      }
      if first == 2 {
        guard kind == .narrow else { throw invalid("a wide spacer") }
        grid.replaceCell(index, with: grid.cells[index].with(text: 0, .spacer))
      } else if first == 3 {
        let cluster = try cluster(into: &screen)
        grid.replaceCell(index, with: grid.cells[index].with(text: UInt64(cluster) | Cell.clusterBit, kind))
      } else {
        let scalar = first == 0 ? 0 : try scalar(after: first)
        grid.replaceCell(index, with: grid.cells[index].with(text: UInt64(scalar), kind))
      }
      index += 1
      if kind == .wide {
        grid.replaceCell(index, with: grid.cells[index].with(text: 0, .tail))
        index += 1
      }
    }
  }

  private mutating func cluster(into screen: inout Screen) throws(KeyframeError) -> UInt32 {
    let count = Int(try byte())
    guard (1...ClusterTable.scalarLimit).contains(count) else { throw invalid("\(count) scalars") }
    var scalars: [UInt32] = []
    for _ in 0..<count { scalars.append(try scalar(after: try byte())) }
    let isText = scalars.allSatisfy { $0 >= 0x20 && !(0x7F..<0xA0).contains($0) }
    guard isText else { throw invalid("a control character in a cluster") }
    guard let index = screen.clusters.index(of: scalars) else { throw invalid("too many clusters") }
    return index
  }
}
