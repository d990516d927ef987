/// What programs write where there is nothing, if somebody tells them to: only without quotes does it
/// stand for NULL.
enum NullWord {
  /// PostgreSQL's own `\N`: no text without quotes reads so by chance.
  case null
  /// `NULL`, `(null)` and the like: NULL or a text, nobody can tell.
  case unclear
  /// `None`, `NaN` and the like: most likely some program's word for nothing.
  case odd

  static let mostBytes = 6

  private static let unclearWords: [StaticString] = [
    "NULL", "null", "(null)", "(NULL)", "<null>", "<NULL>", "[NULL]", "[null]",
  ]
  private static let oddWords: [StaticString] = [
    "None", "nil", "NaN", "nan", "N/A", "n/a", "#N/A", "NaT", "Null", "<NA>",
  ]

  @inline(__always) init?(_ text: UnsafePointer<UInt8>, _ count: Int) {
    switch text[0] {
    case UInt8(ascii: "\\"), UInt8(ascii: "N"), UInt8(ascii: "n"), UInt8(ascii: "("),
      UInt8(ascii: "<"), UInt8(ascii: "["), UInt8(ascii: "#"):
      self.init(whole: text, count)
    default: return nil
    }
  }

  private init?(whole text: UnsafePointer<UInt8>, _ count: Int) {
    func isOne(of words: [StaticString]) -> Bool {
      words.contains { word in
        word.utf8CodeUnitCount == count
          && (0..<count).allSatisfy { word.utf8Start[$0] == text[$0] }
      }
    }
    if CopyEscapes.isNull(text, count) {
      self = .null
    } else if isOne(of: Self.unclearWords) {
      self = .unclear
    } else if isOne(of: Self.oddWords) {
      self = .odd
    } else {
      return nil
    }
  }
}
