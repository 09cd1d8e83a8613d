/// Characters that must touch their neighbors, as shapes: whatever the font, lines join and blocks have no seams.
///
/// Box drawing (U+2500…), block elements (U+2580…), braille patterns (U+2800…), and the triangles of prompts (U+E0B0…).
/// Coordinates are pixels in a cell of `width` × `height`.
struct CellShape: Equatable, Sendable {
  struct Rectangle: Equatable, Sendable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double
  }

  var rectangles: [Rectangle] = []
  /// Filled outlines, as points.
  var polygons: [[(x: Double, y: Double)]] = []
  /// Lines of `strokeWidth`, in SVG's path syntax relative to the cell.
  var strokes: [Stroke] = []
  /// 0…1; less than 1 for shades.
  var opacity = 1.0

  /// A line: straight where `control` is nil, else a curve round that point.
  struct Stroke: Equatable, Sendable {
    var fromX: Double
    var fromY: Double
    var toX: Double
    var toY: Double
    var controlX: Double?
    var controlY: Double?
  }

  static let width = 9.0
  static let height = 18.0
  static let light = 1.0
  static let heavy = 3.0

  static func == (left: CellShape, right: CellShape) -> Bool {
    left.rectangles == right.rectangles && left.strokes == right.strokes && left.opacity == right.opacity
      && left.polygons.count == right.polygons.count
  }

  /// nil: the character is drawn by the font.
  init?(_ scalar: UInt32) {
    switch scalar {
    case 0x2500...0x257F: drawBox(scalar)
    case 0x2580...0x259F: drawBlock(scalar)
    case 0x2800...0x28FF: drawBraille(UInt8(scalar - 0x2800))
    case 0xE0B0: polygons = [[(0, 0), (Self.width, Self.height / 2), (0, Self.height)]]
    case 0xE0B2: polygons = [[(Self.width, 0), (0, Self.height / 2), (Self.width, Self.height)]]
    default: return nil
    }
  }

  private mutating func add(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) {
    rectangles.append(Rectangle(left: left, top: top, right: right, bottom: bottom))
  }

  // MARK: Blocks

  private mutating func drawBlock(_ scalar: UInt32) {
    let (width, height) = (Self.width, Self.height)
    switch scalar {
    case 0x2580: add(0, 0, width, height / 2)
    case 0x2581...0x2588: add(0, height * (1 - Double(scalar - 0x2580) / 8), width, height)
    case 0x2589...0x258F: add(0, 0, width * Double(0x2590 - scalar) / 8, height)
    case 0x2590: add(width / 2, 0, width, height)
    case 0x2591...0x2593:
      add(0, 0, width, height)
      opacity = Double(scalar - 0x2590) / 4
    case 0x2594: add(0, 0, width, height / 8)
    case 0x2595: add(width * 7 / 8, 0, width, height)
    default:
      // Quadrants: upper left 1, upper right 2, lower left 4, lower right 8.
      let quadrants: [UInt8] = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14]
      let set = quadrants[Int(scalar - 0x2596)]
      if set & 1 != 0 { add(0, 0, width / 2, height / 2) }
      if set & 2 != 0 { add(width / 2, 0, width, height / 2) }
      if set & 4 != 0 { add(0, height / 2, width / 2, height) }
      if set & 8 != 0 { add(width / 2, height / 2, width, height) }
    }
  }

  /// Dots 1 to 8 are bits 0 to 7: the first three down the left side, then the right, then the bottom row.
  private mutating func drawBraille(_ dots: UInt8) {
    let places: [(Double, Double)] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    for (bit, place) in places.enumerated() where dots & 1 << UInt8(bit) != 0 {
      let x = Self.width * (0.25 + 0.5 * place.0)
      let y = Self.height * (0.125 + 0.25 * place.1)
      add(x - 1, y - 1, x + 1, y + 1)
    }
  }

  // MARK: Lines

  private mutating func drawBox(_ scalar: UInt32) {
    if let arms = BoxArms(scalar) {
      draw(arms)
      return
    }
    let (width, height) = (Self.width, Self.height)
    switch scalar {
    case 0x256D...0x2570: drawArc(scalar)
    case 0x2571: stroke(width, 0, 0, height)
    case 0x2572: stroke(0, 0, width, height)
    case 0x2573:
      stroke(width, 0, 0, height)
      stroke(0, 0, width, height)
    default: drawDashes(scalar)
    }
  }

  private mutating func stroke(_ fromX: Double, _ fromY: Double, _ toX: Double, _ toY: Double) {
    strokes.append(Stroke(fromX: fromX, fromY: fromY, toX: toX, toY: toY))
  }

  private mutating func drawArc(_ scalar: UInt32) {
    let (middleX, middleY) = (Self.width / 2, Self.height / 2)
    let isDown = scalar == 0x256D || scalar == 0x256E
    let isRight = scalar == 0x256D || scalar == 0x2570
    let radius = middleX
    let endY = isDown ? middleY + radius : middleY - radius
    strokes.append(
      Stroke(
        fromX: middleX, fromY: endY, toX: isRight ? Self.width : 0, toY: middleY,
        controlX: middleX, controlY: middleY))
    stroke(middleX, endY, middleX, isDown ? Self.height : 0)
  }

  private mutating func drawDashes(_ scalar: UInt32) {
    // 2504…250B three and four dashes, 254C…254F two; of each pair the second is heavy, of each four the last upright.
    let count = scalar >= 0x254C ? 2.0 : scalar < 0x2508 ? 3.0 : 4.0
    let isHeavy = scalar % 2 == 1
    let isUpright = scalar % 4 >= 2
    let half = (isHeavy ? Self.heavy : Self.light) / 2
    for index in 0..<Int(count) {
      if isUpright {
        let step = Self.height / count
        let top = Double(index) * step + step * 0.2
        add(Self.width / 2 - half, top, Self.width / 2 + half, top + step * 0.6)
      } else {
        let step = Self.width / count
        let left = Double(index) * step + step * 0.2
        add(left, Self.height / 2 - half, left + step * 0.6, Self.height / 2 + half)
      }
    }
  }

  /// Lines from the middle to the edges. Where double lines meet, the inner ones stop at each other.
  private mutating func draw(_ arms: BoxArms) {
    let (middleX, middleY) = (Self.width / 2, Self.height / 2)
    let isUprightDouble = arms.up == .double || arms.down == .double
    let isLevelDouble = arms.left == .double || arms.right == .double
    let reachX = max(Self.half(arms.up), Self.half(arms.down))
    let reachY = max(Self.half(arms.left), Self.half(arms.right))
    for (weight, sign, isOpposite) in [
      (arms.right, 1.0, arms.left != .none), (arms.left, -1.0, arms.right != .none),
    ] where weight != .none {
      for (offset, half, side) in Self.lines(weight, arms.up, arms.down) {
        let start = Self.start(
          weight, crossIsDouble: isUprightDouble, hasBoth: arms.up != .none && arms.down != .none,
          isOpposite: isOpposite, side: side, reach: reachX)
        let (from, to) = (middleX + sign * start, sign > 0 ? Self.width : 0)
        add(min(from, to), middleY + offset - half, max(from, to), middleY + offset + half)
      }
    }
    for (weight, sign, isOpposite) in [
      (arms.down, 1.0, arms.up != .none), (arms.up, -1.0, arms.down != .none),
    ] where weight != .none {
      for (offset, half, side) in Self.lines(weight, arms.left, arms.right) {
        let start = Self.start(
          weight, crossIsDouble: isLevelDouble, hasBoth: arms.left != .none && arms.right != .none,
          isOpposite: isOpposite, side: side, reach: reachY)
        let (from, to) = (middleY + sign * start, sign > 0 ? Self.height : 0)
        add(middleX + offset - half, min(from, to), middleX + offset + half, max(from, to))
      }
    }
  }

  /// Distance of the two lines of a double one from the middle.
  private static let doubleOffset = 1.5

  private static func half(_ weight: BoxArms.Weight) -> Double {
    weight == .heavy ? heavy / 2 : light / 2
  }

  /// The lines of an arm: offset across it, half its width, and the arm on that side of it.
  private static func lines(
    _ weight: BoxArms.Weight, _ before: BoxArms.Weight, _ after: BoxArms.Weight
  ) -> [(Double, Double, BoxArms.Weight?)] {
    guard weight == .double else { return [(0, half(weight), nil)] }
    return [(-doubleOffset, light / 2, before), (doubleOffset, light / 2, after)]
  }

  /// Where a line begins, from the middle outwards; negative: beyond the middle.
  private static func start(
    _ weight: BoxArms.Weight, crossIsDouble: Bool, hasBoth: Bool, isOpposite: Bool, side: BoxArms.Weight?,
    reach: Double
  ) -> Double {
    guard crossIsDouble else { return isOpposite ? 0 : -reach }
    let edge = doubleOffset + light / 2
    guard let side else { return isOpposite ? 0 : hasBoth ? doubleOffset - light / 2 : -edge }
    if side == .double { return doubleOffset - light / 2 }
    return isOpposite ? 0 : -edge
  }
}
