import Testing

@testable import Snapshots

/// PostgreSQL's text format is read as what it is, and never as CSV.
struct CopyTextTests {
  @Test(
    "Escapes are resolved, \\N is unset, and an empty cell is an empty text",
    arguments: [1, 3, 1 << 20])
  func escapes(_ piece: Int) throws {
    let text = #"""
      id	name	ref	address
      1	A\tb\nc\\d	\N	\x41\101\q
      2		\\N	\b\f\v\r|
      \.
      """#
    let rows = try Rows(.text(text + "\n", piece: piece))
    #expect(rows.contents?.form == .copy)
    let records = rows.records()
    #expect(records.map { $0["name"] } == [.text("A\tb\nc\\d"), .text("")])
    #expect(records.map { $0["ref"] } == [.null, .text("\\N")])
    #expect(records.map { $0["address"] } == [.text("AAq"), .text("\u{8}\u{c}\u{b}\r|")])
  }

  @Test("What PostgreSQL escapes comes back, whatever it is")
  func roundTrip() throws {
    var generator = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0...UInt64.max, using: &generator)
    var random = Seeded(seed)
    let alphabet = Array("ab\\N\t\n\r\"',;é👪{.")
    let texts = (0..<200).map { _ in
      String(
        (0..<Int.random(in: 0...8, using: &random)).map { _ in
          alphabet.randomElement(using: &random) ?? "a"
        })
    }
    let lines = texts.enumerated().map { "\($0 + 1)\t\(Self.escaped($1))\t\\N" }
    let rows = try Rows(.text("id\tname\tref\n" + lines.joined(separator: "\n") + "\n", piece: 5))
    #expect(rows.records().map { $0["name"] } == texts.map { .text($0) }, "seed \(seed)")
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\\\"
      case "\t": "\\t"
      case "\n": "\\n"
      case "\r": "\\r"
      default: String(scalar)
      }
    }.joined()
  }

  static let looks: [(String, String?)] = [
    // Excel's own: a line within quotes.
    ("1\t\"1 Lane\nVillage\"\t\n2\t\"say \"\"hi\"\"\"\t\n", nil),
    // PostgreSQL's own: quotes are nothing.
    ("1\tAna \"Bee\"\t\\N\n2\t\"Ana\" Doe\t\\N\n", nil),
    // Excel's own: a backslash is one.
    ("1\tC:\\data\tx\n2\t\"q\"\"q\"\t\n", nil),
    ("1\ta\t\n", nil), ("1\t{\"en_US\": \"a\"}\tx\n", nil), ("1\ta \\t b\tsay \"hi\"\n", nil),
    // Half of this and half of that.
    ("1\t\\N\t\"x\"\n", "doubtful_table"), ("1\t\\N\tC:\\Data\n", "doubtful_table"),
    ("1\tC:\\new\t\n", "doubtful_table"),
  ]

  @Test("A table with tabs is CSV, or in doubt", arguments: looks)
  func told(_ rows: String, _ code: String?) throws {
    let text = "id\tname\tref\n" + rows
    guard let code else { return _ = try Rows(.text(text)) }
    #expect { try Rows(.text(text)) } throws: { ($0 as? SnapshotFault)?.code == code }
  }

  @Test("An escape that comes late is never taken for a name")
  func late() {
    let plain = (1...9_000).map { "\($0)\tAna\tx" }.joined(separator: "\n")
    #expect { try Rows(.text("id\tname\tref\n" + plain + "\n9001\tBen\t\\N\n")) } throws: {
      ($0 as? SnapshotFault)?.kind == .doubtfulTable
    }
  }

  static let faults: [(String, String, String)] = [
    ("1\t\\N\n2\t\\N\tx\n", "too_many_cells", "drop.json, line 3"),
    ("1\t\\N\n2\n", "too_few_cells", "drop.json, line 3"),
    ("1\t\\N\n2\ta\\\n\\.\n", "bad_escape", "drop.json, line 3, column 2"),
    ("1\t\\N\n2\t\\xff\n", "not_utf8", "drop.json, line 3, column 2"),
    ("1\t\\N\n2\t\\000\n", "not_utf8", "drop.json, line 3, column 2"),
    ("1\t\\N\n\\.\n3\tc\n", "bad_escape", "drop.json, line 4"),
    ("x\t\\N\n", "wrong_type", "drop.json, line 2, column 1 (id)"),
  ]

  @Test("Faults say the line and column", arguments: faults)
  func places(_ rows: String, _ code: String, _ place: String) {
    #expect { try Rows(.text("id\tname\n" + rows)) } throws: { error in
      guard let fault = error as? SnapshotFault else { return false }
      return fault.code == code && fault.spot?.description == place
    }
  }

  static let copied: [(String, Bool)] = [
    (#"{"id":7,"address":"1 Lane\\nVillage"}"#, true), (#"{"id":7,"name":"An \\"x\\" a"}"#, true),
    (#"{"id":7,"address":"C:\\\\x\\ty"}"#, true), (#"{"id":7,"address":"\\\\server"}"#, false),
    (#"{"id":7,"address":"1 Lane\nVillage"}"#, false),
    (#"{"id":7,"address":"C:\\x"}"#, false), (#"{"id":7,"address":"C:\\"}"#, false),
    (#"{"id":7,"address":"C:\\new"}"# + "\n" + #"{"id":8,"address":"a\nb"}"#, false),
  ]

  @Test("JSON that COPY wrote as text has each backslash twice, and is refused", arguments: copied)
  func json(_ text: String, _ isCopied: Bool) throws {
    guard isCopied else { return _ = try Rows(.text(text + "\n")) }
    #expect { try Rows(.text(text + "\n")) } throws: {
      ($0 as? SnapshotFault)?.kind == .copiedJSON
    }
  }
}

/// Random numbers that come again with the seed (xorshift).
private struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
