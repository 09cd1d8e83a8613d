/// Walks through a pattern's tree and keeps the rarest needles.
struct NeedleFinder {
  /// What can stand right before a place of a pattern, in order of preference.
  struct Run: Equatable {
    var choices: [[ByteTest]]
    /// The tests let nothing else through, and no assertion stands between them.
    var isExact = true
    var missesOther = false

    init(choices: [[ByteTest]]) { self.choices = choices }

    /// One character; nil where there is none, or several beyond ASCII alone.
    init?(_ set: ScalarSet) {
      if let value = set.single, let scalar = Unicode.Scalar(value) {
        self.init(choices: [String(scalar).utf8.map { ByteTest($0) }])
        return
      }
      let bytes = (UInt8(0)..<0x80).filter { set.contains(UInt32($0)) }
      if bytes.isEmpty { return nil }
      let test = ByteTest(bytes)
      self.init(choices: [[test]])
      missesOther = set.ranges.last.map { $0.upperBound >= 0x80 } ?? false
      isExact = !missesOther && test.count == bytes.count
    }

    /// Whether it is short enough to be followed by `other` in all combinations.
    func canTake(_ other: Run) -> Bool {
      let count = choices.count * other.choices.count
      return count == 1 || count <= Needles.limit && choices.allSatisfy { $0.count <= Run.byteLimit }
    }

    private static let byteLimit = 64

    /// Adds what may stand there instead.
    mutating func add(_ other: Run) {
      choices += other.choices
      isExact = isExact && other.isExact
      missesOther = missesOther || other.missesOther
    }

    /// Adds what stands behind.
    mutating func append(_ other: Run) {
      isExact = isExact && other.isExact
      missesOther = missesOther || other.missesOther
      if choices.count == 1, other.choices.count == 1 {
        choices[0] += other.choices[0]
      } else {
        choices = choices.flatMap { front in other.choices.map { front + $0 } }
      }
    }
  }

  /// Steps through the tree, repeats unrolled, before the rest is left out.
  private var room = 2048
  private var run = Run(choices: [[]])
  /// The end of it that has no characters with forms beyond ASCII.
  private var plainRun = Run(choices: [[]])
  private var wasCut = false
  private var best: Needles?

  mutating func walk(_ syntax: Syntax) {
    room -= 1
    guard room > 0 else { return cut() }
    switch syntax {
    case .empty: return
    case .assertion: run.isExact = false
    case .set(let set):
      if let part = Run(set) { append(part) } else { cut() }
    case .sequence(let parts): for part in parts { walk(part) }
    case .alternatives(let branches): walk(anyOf: branches)
    case .repeated(let inner, let count):
      if count.minimum == 0, count.maximum == 1 {
        return walk(anyOf: count.isGreedy ? [inner, .empty] : [.empty, inner])
      }
      for _ in 0..<min(count.minimum, room) { walk(inner) }
      if count.maximum == count.minimum { return }
      cut()
      // The last round stands right before what follows.
      if count.minimum > 0 { walk(inner) }
    }
  }

  /// The rarest needles of all that was walked through.
  mutating func finish() -> Needles? {
    consider(Needles(run, isFirst: !wasCut, isLast: true))
    considerPlainRun()
    return best
  }

  private mutating func walk(anyOf branches: [Syntax]) {
    let share = room / branches.count
    var union = Run(choices: [])
    var needles: Needles? = Needles(union, isFirst: false, isLast: false)
    var isCut = false
    for branch in branches {
      var finder = NeedleFinder()
      finder.room = share
      finder.walk(branch)
      room -= share - finder.room
      isCut = isCut || finder.wasCut
      union.add(finder.run)
      // Every branch must have needles of its own.
      if let found = finder.finish() { needles?.add(found) } else { needles = nil }
    }
    if !isCut, union.choices.count <= Needles.limit { return append(union) }
    cut()
    if let needles, needles.choices.count <= Needles.limit { consider(needles) }
  }

  private mutating func append(_ part: Run) {
    if !run.canTake(part) { cut() }
    if part.missesOther {
      considerPlainRun()
      plainRun = Run(choices: [[]])
    } else {
      plainRun.append(part)
    }
    run.append(part)
  }

  /// What comes is not right behind what was.
  private mutating func cut() {
    consider(Needles(run, isFirst: !wasCut, isLast: false))
    considerPlainRun()
    run = Run(choices: [[]])
    plainRun = run
    wasCut = true
  }

  private mutating func considerPlainRun() {
    consider(Needles(plainRun, isFirst: !wasCut && !run.missesOther, isLast: false))
  }

  private mutating func consider(_ needles: Needles) {
    if needles.choices.contains(where: \.isEmpty) { return }
    if let best, best.rate <= needles.rate { return }
    best = needles
  }
}
