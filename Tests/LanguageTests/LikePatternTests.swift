import Fixtures
import Foundation
import JSONText
import Testing

@testable import Language

struct LikePatternTests {
  @Test(
    "Patterns match as PostgreSQL's LIKE does",
    arguments: [
      ("a%", "abc", true), ("a%", "ba", false), ("%b%", "abc", true), ("a_c", "abc", true),
      ("a_c", "ac", false), ("a_c", "aéc", true), ("_", "😀", true), ("__", "😀", false),
      ("a\\_c", "a_c", true), ("a\\_c", "abc", false), ("a\\%", "a%", true), ("a\\b", "ab", true),
      ("%", "", true), ("", "", true), ("", "a", false), ("%%", "a\nb", true), ("_", "\n", true),
      ("%\\%", "50%", true), ("%\\%", "50", false), ("%a%a%", "aba", true), ("%a%a%", "ab", false),
      ("ab%ba", "aba", false), ("ab%ba", "abba", true), ("%_x", "x", false), ("%_x", "éx", true),
    ])
  func matches(pattern: String, text: String, expected: Bool) throws {
    #expect(try LikePattern(pattern, foldsCase: false).matches(text) == expected)
  }

  @Test(
    "Case is folded code point by code point, as PostgreSQL's lower() does",
    arguments: [
      ("É%", "école", true), ("σ", "Σ", true), ("ς", "Σ", false), ("i", "İ", true),
      ("ss", "ß", false), ("å", "\u{212B}", true), ("k", "\u{212A}", true),
      ("e\u{301}", "é", false),
      ("ǆ", "ǅ", true), ("и", "И", true), ("ı", "I", false),
    ])
  func folds(pattern: String, text: String, expected: Bool) throws {
    #expect(try LikePattern(pattern, foldsCase: true).matches(text) == expected)
  }

  @Test("Lower case is PostgreSQL's for every code point there is")
  func lowerTable() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Fixture.path("pg_lower_c_utf8.json")))
    let json = try JSONDocument(parsing: [UInt8](data)).root.json
    guard case .object(let pairs)? = json["lower"] else { throw CocoaError(.fileReadCorruptFile) }
    let lower = Dictionary(uniqueKeysWithValues: pairs.map { ($0.key, $0.value.integer) })
    #expect(lower.count > 1_400)
    for scalar in UInt32(0)...0x10FFFF where !(0xD800...0xDFFF).contains(scalar) {
      let wanted = lower[String(scalar)].flatMap { $0 }.map(UInt32.init) ?? scalar
      if CaseFolding.lower(scalar) != wanted {
        Issue.record("U+\(String(scalar, radix: 16)) differs")
      }
    }
  }

  @Test("A pattern made to be slow is slow only in proportion, and a huge one is refused")
  func quadratic() throws {
    let pattern = try LikePattern(String(repeating: "%a", count: 2_000) + "b", foldsCase: false)
    #expect(!pattern.matches(String(repeating: "a", count: 20_000)))
    #expect(throws: DomainFault.self) {
      try LikePattern(String(repeating: "%", count: 10_000), foldsCase: true)
    }
  }
}
