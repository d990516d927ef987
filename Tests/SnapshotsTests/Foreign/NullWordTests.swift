import Testing

@testable import Snapshots

/// What stands for nothing in CSV is read as nothing, refused, or told of: never sent in silence.
struct NullWordTests {
  @Test("\\N without quotes is unset, with quotes a text, and the column is named")
  func null() throws {
    let rows = try Rows(.text("id,name,birthdate,ref\n1,\\N,\\N,x\n2,\"\\N\",,\\\\N\n"))
    #expect(rows.records().map { $0["name"] } == [.null, .text("\\N")])
    #expect(rows.records().map { $0["ref"] } == [.text("x"), .text("\\\\N")])
    #expect(rows.contents?.notes.count == 2)
    #expect(rows.contents?.notes.first?.contains("(name)") == true)
  }

  @Test(
    "NULL without quotes is refused by column",
    arguments: ["NULL", "null", "(null)", "<NULL>", "[NULL]"])
  func unclear(_ word: String) throws {
    #expect { try Rows(.text("id,name\n1,Ana\n2,\(word)\n")) } throws: { error in
      guard let fault = error as? SnapshotFault else { return false }
      return fault.kind == .nullText
        && fault.spot?.description == "drop.json, line 3, column 2 (name)"
    }
    let quoted = try Rows(.text("id,name\n1,Ana\n2,\"\(word)\"\n"))
    #expect(quoted.records()[1]["name"] == .text(word))
  }

  @Test("Where NULL is told to be nothing, the word is a text, and told of")
  func toldApart() throws {
    for rows in ["1,NULL,\n2,Ana,1980-02-29\n", "1,NULL,1980-02-29\n2,\"\",1980-02-29\n"] {
      let rows = try Rows(.text("id,name,birthdate\n" + rows))
      #expect(rows.records()[0]["name"] == .text("NULL"))
      #expect(rows.contents?.notes.count == 1)
    }
  }

  @Test(
    "None and the like are told of, once a column",
    arguments: ["None", "NaN", "N/A", "#N/A", "nil"])
  func odd(_ word: String) throws {
    let rows = try Rows(.text("id,name\n1,\(word)\n2,\(word)\n"))
    #expect(rows.records()[0]["name"] == .text(word))
    #expect(rows.contents?.notes.count == 1)
  }

  @Test(
    "Names that begin so are names", arguments: ["Nil", "Nulla", "N", "nullo", "Nan", "(nu", "[N]"])
  func names(_ name: String) throws {
    let rows = try Rows(.text("id,name\n1,\(name)\n"))
    #expect(rows.records()[0]["name"] == .text(name))
    #expect(rows.contents?.notes == [])
  }

  @Test("Rows of nothing but separators are no records", arguments: [",\n,\n", "\n,\n\n", ",\r\n"])
  func emptyRows(_ end: String) throws {
    #expect(try Rows(.text("id,given_name\n7,Ana\n" + end)).records().count == 1)
  }
}
