import Faults
import Testing

@testable import Snapshots

/// Each way in which CSV can be wrong: what is said, and where.
struct CSVFaultTests {
  static let wrong: [(String, String, String)] = [
    ("id,name\n1\n", "too_few_cells", "drop.json, line 2, column 2"),
    ("id,name\n1,a\n2,b,c\n", "too_many_cells", "drop.json, line 3, column 3"),
    ("id,name\n1,\"a\n2,b\n", "open_quote", "drop.json, line 2, column 2"),
    ("id,name\n1,\"a\"x\n", "bad_quote", "drop.json, line 2, column 2"),
    ("id,name\n1,a\"x\n", "bad_quote", "drop.json, line 2, column 2"),
    ("id,name\n1,a\rb\n", "bad_quote", "drop.json, line 2, column 2"),
    ("id,name\n1,a\u{0}b\n", "bad_text", "drop.json, line 2, column 2"),
    ("id,name,name\n1,a,b\n", "duplicate_key", "drop.json, line 1, column 3 (name)"),
    ("id,Name,name\n1,a,b\n", "duplicate_key", "drop.json, line 1, column 3 (name)"),
    ("id,X_a,x_a\n1,a,b\n", "bad_field_name", "drop.json, line 1, column 3 (x_a)"),
    ("name,email\na,b\n", "no_id_column", "drop.json"),
    ("name;email\na;b\n", "no_id_column", "drop.json"),
    ("id,name\n,a\n", "missing_id", "drop.json, line 2, column 1 (id)"),
    ("id,name\n0,a\n", "bad_id", "drop.json, line 2, column 1 (id)"),
    ("id,name\n1,a\nx,b\n", "wrong_type", "drop.json, line 3, column 1 (id)"),
    ("id,name\n99999999999999999999,a\n", "wrong_type", "drop.json, line 2, column 1 (id)"),
    ("id,name\nbase.a,a\n\" \",b\n", "missing_id", "drop.json, line 3, column 1 (id)"),
    ("id,color\n1,red\n", "wrong_type", "drop.json, line 2, column 2 (color)"),
    ("id,color\n1,\"\"\n", "wrong_type", "drop.json, line 2, column 2 (color)"),
    ("id,color\n1,99999999999999999999\n", "out_of_range", "drop.json, line 2, column 2 (color)"),
    ("id,income\n1,\"1,5\"\n", "wrong_type", "drop.json, line 2, column 2 (income)"),
    ("id,income\n1,NaN\n", "wrong_type", "drop.json, line 2, column 2 (income)"),
    ("id,income\n1,1e999\n", "out_of_range", "drop.json, line 2, column 2 (income)"),
    ("id,active\n1,maybe\n", "wrong_type", "drop.json, line 2, column 2 (active)"),
    ("id,birthdate\n1,31/12/1990\n", "bad_date", "drop.json, line 2, column 2 (birthdate)"),
    ("id,disabled\n1,2024-01-02T10:00:00\n", "bad_date", "drop.json, line 2, column 2 (disabled)"),
    ("id,district\n1,Kandal\n", "wrong_type", "drop.json, line 2, column 2 (district)"),
    ("ID,Vorname,Geschlecht,Anschrift\n1,a,b,c\n", "foreign_labels", "drop.json, line 1"),
    (".id,name\n1,a\n,b\n", "missing_id", "drop.json, line 3, column 1 (.id)"),
    (".id,reg_ids/value\n,b\n", "missing_id", "drop.json, line 2, column 1 (.id)"),
    (
      ".id,reg_ids/.id,reg_ids/value\n1,,007\n", "missing_id",
      "drop.json, line 2, column 2 (reg_ids/.id)"
    ),
    (
      ".id,tags_ids\n1,\"a,b\"\n2,c\n,d\n", "mixed_lists",
      "drop.json, line 4, column 2 (tags_ids)"
    ),
    (
      ".id,group_membership_ids/kind,individual_membership_ids/kind\n1,a,b\n", "two_sources",
      "drop.json, line 1, column 3 (individual_membership_ids/kind)"
    ),
  ]

  @Test("A wrong file is refused, with its place", arguments: wrong)
  func refused(_ text: String, _ code: String, _ place: String) throws {
    let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(text)) }
    #expect(fault.code == code, "\(fault)")
    #expect(fault.message.hasPrefix(place + ":"), "\(fault.message)")
  }

  @Test("A delta in CSV is refused, a whole snapshot with a head is not")
  func delta() throws {
    let digest = String(repeating: "a", count: 64)
    let table = ("res_partner.csv", "id,name\n1,a\n")
    let head = #"{"airlock": "snapshot", "version": 1, "kind": "delta", "follows": "\#(digest)"}"#
    let fault = try #require(throws: SnapshotFault.self) {
      try Rows(.tar(("snapshot.json", head), table))
    }
    #expect(fault.code == "csv_delta")
    let full = #"{"airlock": "snapshot", "version": 1, "name": "nightly"}"#
    #expect(try Rows(.tar(("snapshot.json", full), table)).records().count == 1)
  }

  @Test("fault 29: text of two bytes a character is read if it says so, and refused as such if not")
  func wide() throws {
    let wide: [[UInt8]] = "id,name\n1,a\n".utf8.map { [$0, 0] }
    let text = [0xFF, 0xFE] + wide.joined()
    let source = SnapshotSource(name: "drop") { TextSource(bytes: text, piece: 5) }
    #expect(try Rows(source).records()[0]["name"] == .text("a"))
    let unmarked = SnapshotSource(name: "drop") {
      TextSource(bytes: Array(text.dropFirst(2)), piece: 5)
    }
    #expect(
      try #require(throws: SnapshotFault.self) { try Rows(unmarked) }.code == "utf16_without_mark")
  }

  @Test("fault 29: what is no UTF-8 is refused, with its place")
  func notUTF8() throws {
    for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF]] {
      let text = Array("id,name\n1,a\n2,".utf8) + bytes + Array("\n".utf8)
      let source = SnapshotSource(name: "drop") { TextSource(bytes: text, piece: 5) }
      let fault = try #require(throws: SnapshotFault.self) { try Rows(source) }
      #expect(fault.code == "not_utf8")
      #expect(fault.message.hasPrefix("drop, line 3, column 2:"), "\(fault.message)")
    }
  }

  static let large: [(String, @Sendable (inout SnapshotLimits) -> Void, String)] = [
    ("id,name\n1,\(String(repeating: "x", count: 2_000))\n", { $0.cellBytes = 1_000 }, "too_large"),
    (
      "id,name\n1,\"\(String(repeating: "x", count: 200_000))\"", { $0.recordBytes = 1_000 },
      "too_large"
    ),
    (
      "id,\((1...1_001).map { "f\($0)" }.joined(separator: ","))\n", { $0.fields = 1_000 },
      "no_id_column"
    ),
  ]

  @Test("fault 26: cells, rows and columns are bounded", arguments: large)
  func limits(
    _ text: String, _ change: @Sendable (inout SnapshotLimits) -> Void, _ code: String
  ) throws {
    var limits = SnapshotLimits()
    change(&limits)
    let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(text), limits: limits) }
    #expect(fault.code == code, "\(fault)")
  }

  @Test("No fault repeats a value")
  func tellsNoValues() throws {
    for (text, _, _) in Self.wrong {
      let hidden = ["Weiblich", "maybe", "Kandal", "31/12", "base.main", "99999", "007"]
      let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(text)) }
      #expect(!hidden.contains { fault.description.contains($0) }, "\(fault)")
    }
  }

  @Test("Every prefix of a good export is read or refused, and its last row is never half taken")
  func everyPrefix() throws {
    let text = "\".id\",\"name\",\"reg_ids/value\"\n\"1\",\"é\"\"\n\",\"7\"\n\"\",\"\",\"8\"\n"
    for count in 1..<text.utf8.count - 1 {
      let cut = Array(text.utf8.prefix(count))
      let source = SnapshotSource(name: "drop") { TextSource(bytes: cut, piece: 3) }
      guard let rows = try? Rows(source) else { continue }
      #expect(rows.records().allSatisfy { $0["name"] == .text("é\"\n") })
    }
  }
}
