/// What a spreadsheet left in a column of ids' values, counted by id type while the rows pass
/// through. Only counts are kept.
final class SheetMarks {
  /// How a note of this kind begins, behind its place.
  static let words = "the marks of a spreadsheet"
  private static let mostTypes = 64
  private static let mostDigits = 64
  /// A lost zero makes a value shorter by one, seldom by more.
  private static let mostLostZeros = 3
  private static let fewestDigits = 12

  private struct Counts {
    var exponents = 0
    var hashes = 0
    var quoted = 0
    var blanks = 0
    var long = 0
    var rounded = 0
    /// Of digits alone, by their number.
    var lengths = [Int](repeating: 0, count: SheetMarks.mostDigits)
  }

  let column: Int32
  private let place: SnapshotPlace
  private var types: [Int64: Counts] = [:]

  init(_ column: Int32, at place: SnapshotPlace) { (self.column, self.place) = (column, place) }

  /// Notes a value of an id type, 0 if that is not known.
  func note(_ value: UnsafeBufferPointer<UInt8>, type: Int64) {
    guard value.count > 0, types[type] != nil || types.count < Self.mostTypes else { return }
    Self.note(value, in: &types[type, default: Counts()])
  }

  private static func note(_ value: UnsafeBufferPointer<UInt8>, in counts: inout Counts) {
    if value.allSatisfy({ (0x30...0x39).contains($0) }) {
      counts.lengths[min(value.count, mostDigits - 1)] += 1
      guard value.count > VIDShape.keptDigits else { return }
      counts.long += 1
      if VIDShape.isRounded(value) { counts.rounded += 1 }
    } else if value.contains(UInt8(ascii: "#")) {
      counts.hashes += 1
    } else if value.contains(UInt8(ascii: "'")) {
      counts.quoted += 1
    } else if VIDShape.isDestroyed(value) {
      counts.exponents += 1
    } else if isSpaced(value) {
      counts.blanks += 1
    }
  }

  /// Digits with blanks among them.
  private static func isSpaced(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    var digits = 0
    for byte in value {
      if (0x30...0x39).contains(byte) {
        digits += 1
      } else if byte != 0x20, byte < 0x80 {
        return false
      }
    }
    return digits >= fewestDigits
  }

  /// Nil where no type shows any.
  var note: String? {
    let marks = types.values.map(Self.marks)
    let totals = marks.reduce(into: [Int](repeating: 0, count: 6)) { sums, marks in
      for (index, count) in marks.enumerated() { sums[index] += count }
    }
    let facts = zip(totals, Self.facts).filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    guard !facts.isEmpty else { return nil }
    return
      "\(place): \(Self.words): \(facts.joined(separator: ", ")); export again, and drop the file as it left Odoo"
  }

  private static let facts = [
    "in exponent or decimal form", "of #", "with an apostrophe", "with blanks among the digits",
    "with zeros from the 16th digit on", "with fewer digits than the others",
  ]

  private static func marks(_ counts: Counts) -> [Int] {
    let longest = counts.lengths.lastIndex { $0 > 0 } ?? 0
    let shorter = counts.lengths[..<longest].reduce(0, +)
    let nearly = counts.lengths[max(0, longest - mostLostZeros)..<longest].reduce(0, +)
    // Ids whose number of digits varies by themselves show nothing.
    let lost = longest >= fewestDigits && shorter == nearly ? shorter : 0
    let certain = counts.exponents + counts.hashes + counts.quoted
    // One of ten sound ids ends in 0.
    let isRounded = counts.rounded == counts.long && (counts.long > 3 || certain + lost > 0)
    return [
      counts.exponents, counts.hashes, counts.quoted, counts.blanks,
      isRounded ? counts.rounded : 0, lost,
    ]
  }
}

extension SnapshotContents {
  /// The code of a note, for verdicts.
  package static func code(of note: String) -> String {
    if note.contains(SheetMarks.words) { return "spreadsheet_marks" }
    return note.contains(KeptValues.words) ? "kept_values" : "left_out"
  }
}
