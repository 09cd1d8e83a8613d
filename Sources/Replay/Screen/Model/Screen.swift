/// A terminal's screen: what a person saw after the operations performed so far.
///
/// Behaves as xterm where terminals differ; each choice is in `docs/terminal.md`. A value: a copy is a snapshot that
/// shares what does not change. It knows no escape codes (`Parser`) and does no I/O.
struct Screen: Sendable {
  /// The active screen's cells.
  var grid: Grid
  /// The other screen's, once there was one.
  var inactiveGrid: Grid?
  var isAlternate = false
  var history: History
  /// Rows that scroll off the alternate screen, or a region's top, go into the history too: for search, which wants
  /// every line that was shown.
  var keepsAllScrolling = false
  var styles = StyleTable()
  var clusters = ClusterTable()
  var links = LinkTable()

  var cursor = Cursor()
  var pen = CellStyle.plain
  var isPenProtected = false
  /// The program protects text as ECMA-48 says (SPA, EPA): then ED, EL and ECH spare it, and not only DEC's selective
  /// ones.
  var isProtectionISO = false
  var charsets = Charsets()
  var margins: Margins
  var modes = Modes.initial
  var tabStops: TabStops
  /// DECSC's slot of the active and of the other screen.
  var saved: SavedCursor?
  var inactiveSaved: SavedCursor?
  /// Modes kept by XTSAVE.
  var savedModes: [UInt16: Bool] = [:]
  /// DECSCUSR: 0 default, 1 and 2 block, 3 and 4 underline, 5 and 6 bar; odd ones blink.
  var cursorShape = 0
  /// The last character printed, for REP; 0: none.
  var lastPrinted: UInt32 = 0

  var titles = Titles()
  var colors = ColorTable()
  var keyboard = KeyboardState()
  var workingDirectory: [UInt8] = []
  var shell = ShellState()
  var events = EventLog()

  /// The time that rows are stamped with, in microseconds: set by who feeds.
  var now: Int64 = 0
  /// Whether another width breaks the lines of the primary screen anew. A choice of who looks, not of the program: it is
  /// in no keyframe.
  var reflows = false
  /// How often a size or a limit could not be honored.
  var clampedSizeCount = 0

  /// Caches of the pen: its cell without text, what erasing leaves, and whether they are out of date.
  var template = Cell.blank
  var eraser = Cell.blank
  private var isPenStale = false
  private var isEraserStale = false
  /// Some row may be drawn in double width: never true again once all rows were cleared at once.
  var hasWideRows = false
  /// ASCII runs can be copied into cells as they are.
  var isPlain = true

  init(size: ScreenSize, scrollbackLimit: Int) {
    grid = Grid(columns: size.columns, rows: size.rows, version: 0)
    history = History(limit: scrollbackLimit)
    margins = Margins(top: 0, bottom: size.rows - 1, left: 0, right: size.columns - 1)
    tabStops = TabStops(columns: size.columns)
    if size.isClamped { clampedSizeCount = 1 }
  }

  @inline(__always) var columns: Int { grid.columns }
  @inline(__always) var rows: Int { grid.rows }

  /// Brings `isPlain` up to date, after a change of modes or charsets.
  mutating func refreshPlain() {
    isPlain = charsets.isPlain && !modes.contains(.insert)
  }

  /// After a change of the pen, or of the table that holds its style.
  @inline(__always)
  mutating func changePen() {
    isPenStale = true
    isEraserStale = true
  }

  /// Brings `template` up to date.
  @inline(__always)
  mutating func refreshPen() {
    if isPenStale { renewPen() }
  }

  /// Brings `eraser` up to date: looked up only where something is erased.
  @inline(__always)
  mutating func refreshEraser() {
    if isEraserStale { renewEraser() }
  }

  private mutating func renewPen() {
    if !styles.hasRoomForPen { sweepStyles() }
    isPenStale = false
    template = Cell(style: index(of: pen))
    if isPenProtected { template.bits |= Cell.protectedBit }
  }

  private mutating func renewEraser() {
    // First: it is this that sweeps the table, and a template in use must not be swept away.
    refreshPen()
    isEraserStale = false
    eraser = pen.background == .standard ? .blank : Cell(style: index(of: pen.erased))
  }
}
