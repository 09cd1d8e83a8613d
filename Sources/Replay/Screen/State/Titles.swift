/// The window's and the icon's title, and the stack that XTWINOPS 22 and 23 keep them on.
struct Titles: Equatable, Sendable {
  /// Longer titles are cut.
  static let lengthLimit = 4096
  /// Pushing onto a full stack drops its oldest entry.
  static let stackLimit = 10

  struct Entry: Equatable, Sendable {
    var window: [UInt8]?
    var icon: [UInt8]?
  }

  var window: [UInt8] = []
  var icon: [UInt8] = []
  var stack: [Entry] = []

  /// 0: both, 1: the icon's, 2: the window's.
  mutating func push(_ which: Int) {
    guard (0...2).contains(which) else { return }
    stack.append(Entry(window: which == 1 ? nil : window, icon: which == 2 ? nil : icon))
    if stack.count > Self.stackLimit { stack.removeFirst() }
  }

  mutating func pop(_ which: Int) {
    guard (0...2).contains(which), let entry = stack.popLast() else { return }
    if which != 1, let window = entry.window { self.window = window }
    if which != 2, let icon = entry.icon { self.icon = icon }
  }
}
