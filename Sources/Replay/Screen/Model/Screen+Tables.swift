/// Looking up styles and clusters, and making room when a table is full.
extension Screen {
  /// The index of a style; when there is no room even for the styles in use, that of the nearest without true color
  /// and link.
  mutating func index(of style: CellStyle) -> Int {
    if let index = styles.index(of: style) { return index }
    var plainer = CellStyle()
    plainer.flags = style.flags
    plainer.underline = style.underline
    return styles.index(of: plainer) ?? 0
  }

  /// Drops the styles that no cell has.
  mutating func sweepStyles() {
    settle()
    var isUsed = [Bool](repeating: false, count: styles.count)
    isUsed[0] = true
    forEachCell { isUsed[$0.style] = true }
    // Still crowded: sweeping again at the next style would take all the time. Old rows lose their colors.
    if isUsed.lazy.filter({ $0 }).count > styles.count / 2 {
      history.removeAll()
      isUsed = [Bool](repeating: false, count: styles.count)
      isUsed[0] = true
      forEachCell { isUsed[$0.style] = true }
    }
    let old = styles
    var swept = StyleTable()
    var indexes = [Int](repeating: 0, count: old.count)
    // There is room: these are fewer than before.
    for index in 0..<old.count where isUsed[index] { indexes[index] = swept.index(of: old[index]) ?? 0 }
    styles = swept
    mapCells { $0.with(style: indexes[$0.style]) }
    changePen()
  }

  /// Drops the clusters that no cell has, if the table is full.
  mutating func makeRoomForClusters() { if clusters.isFull { sweepClusters() } }

  private mutating func sweepClusters() {
    settle()
    var isUsed = clustersInUse()
    if isUsed.lazy.filter({ $0 }).count > clusters.count / 2 {
      history.removeAll()
      isUsed = clustersInUse()
    }
    let old = clusters
    clusters = ClusterTable()
    var indexes = [UInt32](repeating: 0, count: old.count)
    // There is room: these are fewer than before.
    for index in 0..<old.count where isUsed[index] {
      indexes[index] = clusters.index(of: old[UInt32(index)]) ?? 0
    }
    mapCells { cell in
      guard cell.isCluster else { return cell }
      return Cell(bits: cell.bits & ~Cell.contentMask | UInt64(indexes[Int(cell.content)]))
    }
  }

  /// By index, those in cells and those that they continue.
  private func clustersInUse() -> [Bool] {
    var isUsed = [Bool](repeating: false, count: clusters.count)
    forEachCell { if $0.isCluster { isUsed[Int($0.content)] = true } }
    // What a cluster continues has a smaller index.
    for index in isUsed.indices.reversed() where isUsed[index] {
      if let beginning = clusters.beginning(UInt32(index)) { isUsed[Int(beginning)] = true }
    }
    return isUsed
  }

  private func forEachCell(_ body: (Cell) -> Void) {
    for cell in grid.cells { body(cell) }
    for cell in inactiveGrid?.cells ?? [] { body(cell) }
    history.forEachCell(body)
  }

  private mutating func mapCells(_ transform: (Cell) -> Cell) {
    grid.mapCells(transform)
    inactiveGrid?.mapCells(transform)
    history.mapCells(transform)
  }
}
