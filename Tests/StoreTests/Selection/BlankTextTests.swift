import GRDB
import Testing

@testable import Store

/// What is blank is one thing, in Swift and in SQL.
@Suite struct BlankTextTests {
  /// Unicode's word for what nobody sees, and the Braille cell without a dot.
  private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
      || scalar.properties.generalCategory == .control || scalar.value == 0x2800
  }

  @Test(
    "fault 134: every character there is, alone: Swift, SQL and Unicode agree on whether it is blank"
  )
  func everyScalar() throws {
    try DatabaseQueue().read { database in
      TextFunctions.register(in: database)
      let statement = try database.makeStatement(sql: "SELECT \(TextFunctions.isBlank)(?)")
      var blanks = 0
      for scalar in (0...0x10FFFF).compactMap({ Unicode.Scalar($0 as UInt32) }) {
        let text = String(scalar)
        let isBlank = Array(text.utf8).withUnsafeBufferPointer { $0.isBlank }
        if isBlank { blanks += 1 }
        // SQLite ends a text at NUL; no value of a snapshot holds one.
        guard isBlank == Self.isUnseen(scalar) else {
          Issue.record("U+\(String(scalar.value, radix: 16)) in Swift")
          continue
        }
        guard scalar.value > 0 else { continue }
        if try Bool.fetchOne(statement, arguments: [text]) != isBlank {
          Issue.record("U+\(String(scalar.value, radix: 16)) in SQL")
        }
      }
      #expect(blanks > 4_000)
    }
  }

  @Test(
    "A text is blank if every character is",
    arguments: [
      ("", true), (" \u{A0}\t", true), ("\u{200B}\u{FEFF}", true), (" x", false),
      ("\u{A0}x", false),
      ("é", false), ("\u{E0020}\u{2003}", true), ("0", false),
    ])
  func texts(text: String, isBlank: Bool) throws {
    #expect(Array(text.utf8).withUnsafeBufferPointer { $0.isBlank } == isBlank)
    let asked = try DatabaseQueue().read { database in
      TextFunctions.register(in: database)
      return try Bool.fetchOne(
        database, sql: "SELECT \(TextFunctions.isBlank)(?)", arguments: [text])
    }
    #expect(asked == isBlank)
  }

  @Test("What is cut short is not blank, and unset is")
  func edges() throws {
    #expect(![UInt8]([0xC2]).withUnsafeBufferPointer { $0.isBlank })
    #expect(![UInt8]([0xE2, 0x80]).withUnsafeBufferPointer { $0.isBlank })
    let unset = try DatabaseQueue().read { database in
      TextFunctions.register(in: database)
      return try Bool.fetchOne(database, sql: "SELECT \(TextFunctions.isBlank)(NULL)")
    }
    #expect(unset == true)
  }
}
