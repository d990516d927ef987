import Testing

@testable import Snapshots

/// Files that are not what was asked for: read where that is sure, else named, with the next command.
struct ForeignFileTests {
  private static let table = "ID;Given Name;Gender\r\n7;Ána 👪;Female\r\n8;\"B\r\nb\";Male\r\n"

  private static func source(_ bytes: [UInt8], _ piece: Int = .max) -> SnapshotSource {
    SnapshotSource(name: "drop.csv") { TextSource(bytes: bytes, piece: piece) }
  }

  private static func wide(_ text: String, little: Bool, mark: Bool = true) -> [UInt8] {
    ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return little ? [low, high] : [high, low]
    }
  }

  @Test(
    "UTF-16 with its mark is read, however it comes", arguments: [true, false], [1, 7, Int.max])
  func utf16(_ little: Bool, _ piece: Int) throws {
    let rows = try Rows(Self.source(Self.wide(Self.table, little: little), piece))
    #expect(rows.records().map { $0["given_name"] } == [.text("Ána 👪"), .text("B\r\nb")])
  }

  @Test("UTF-16 with a tab between cells, in a tar, with a line sep= on top")
  func utf16Packed() throws {
    let text = "\u{FEFF}sep=;\r\n" + Self.table
    let rows = try Rows(Self.source(Self.wide(String(text.dropFirst()), little: true)))
    #expect(rows.records().count == 2)
  }

  @Test(
    "UTF-16 that ends in the middle, or is none throughout",
    arguments: [[0xD8], [0x3D, 0xD8, 0x41, 0x00]])
  func brokenUTF16(_ end: [Int]) {
    let bytes = Self.wide(Self.table, little: true) + end.map { UInt8($0) }
    #expect { try Rows(Self.source(bytes)) } throws: { ($0 as? SnapshotFault)?.kind == .notUTF8 }
  }

  @Test(
    "A line sep= is passed over, and lines keep their numbers",
    arguments: ["sep=;", "\u{FEFF}SEP=;"])
  func separatorLine(_ line: String) throws {
    let rows = try Rows(.text("\(line)\r\n" + Self.table))
    #expect(rows.records().count == 2)
    #expect { try Rows(.text("\(line)\r\n" + Self.table + "x;y;z\r\n")) } throws: {
      ($0 as? SnapshotFault)?.spot?.line == 6
    }
  }

  @Test("Lines that end with carriage returns alone", arguments: [1, Int.max])
  func returns(_ piece: Int) throws {
    let text = "ID,Given Name\r7,Ana\r8,\"B\rb\"\r"
    #expect(
      try Rows(.text(text, piece: piece)).records().map { $0["given_name"] }
        == [.text("Ana"), .text("B\rb")])
  }

  static let named: [(String, [UInt8])] = [
    ("spreadsheet", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]),
    ("spreadsheet", Array("<html><table><tr><td>id</td></tr></table></html>".utf8)),
    ("not_a_table", Array("<!DOCTYPE html><p>Sign in</p>".utf8)),
    ("not_a_table", Array("%PDF-1.4".utf8)),
    ("utf16_without_mark", wide(table, little: true, mark: false)),
    ("utf16_without_mark", wide(table, little: false, mark: false)),
    ("dump_form", Array("PGDMP\u{1}\u{e}".utf8)),
    (
      "dump_form",
      Array(
        "--\n-- PostgreSQL database dump\n--\nINSERT INTO public.res_partner VALUES (7);\n".utf8)
    ),
    ("dump_form", Array("INSERT INTO public.res_partner (id) VALUES (7);\n".utf8)),
    ("printed_table", Array(" id | name \n----+------\n  7 | Ana\n(1 row)\n".utf8)),
    ("printed_table", Array("id|name\n7|Ana\n(1 row)\n".utf8)),
    ("printed_table", Array("-[ RECORD 1 ]\nid | 7\n".utf8)),
    ("no_header", Array("7,\"DOE, ANA\",1980-02-29\n8,x,\n".utf8)),
    ("no_header", Array("7\tAna\tDoe\n8\tBen\t\\N\n".utf8)),
    ("no_header", Array("__export__.res_partner_7_9ed14cf5;Ana\n".utf8)),
    ("contradiction", Array("id,id,name\n7,70,Ana\n".utf8)),
    ("bad_date", Array("id,birthdate\n7,29.02.1980\n".utf8)),
    ("bad_date", Array("id,birthdate\n7,2/29/1980\n".utf8)),
    ("wrong_type", Array("id;income\n7;12,5\n".utf8)),
    ("wrong_type", Array("id,active\n7,WAHR\n".utf8)),
    ("not_utf8", [0x69, 0x64, 0x2C, 0x61, 0x0A, 0x37, 0x2C, 0xC1, 0x6E, 0x0A]),
    ("not_json", Array(#"[{"id": 1, "income": NaN}]"#.utf8)),
  ]

  @Test("Each is told what it is, and never with a value", arguments: named)
  func verdicts(_ code: String, _ bytes: [UInt8]) {
    #expect { try Rows(Self.source(bytes)) } throws: { error in
      guard let fault = error as? SnapshotFault else { return false }
      return fault.code == code && !fault.message.contains("Ana")
        && (fault.hint != nil || code == "wrong_type")
    }
  }

  static let packed: [(String, [(String, String)])] = [
    ("odoo_backup", [("dump.sql", "--\n"), ("filestore/aa/b", "x")]),
    ("odoo_backup", [("filestore/aa/b", "x"), ("dump.sql", "--\n")]),
    ("odoo_backup", [("manifest.json", #"{"odoo_dump": "1"}"#)]),
    (
      "spreadsheet",
      [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<x/>")]
    ),
    ("spreadsheet", [("Contact.xlsx", "PK\u{3}\u{4}")]),
    ("spreadsheet", [("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x/>")]),
    ("dump_form", [("toc.dat", "PGDMP"), ("1.dat", "")]),
    ("dump_form", [("export.sql", "-- PostgreSQL database dump\n")]),
  ]

  @Test("The same inside of a tar or zip", arguments: packed)
  func inside(_ code: String, _ entries: [(String, String)]) {
    let source = SnapshotSource(name: "drop.zip") {
      TextSource(entries, isArchive: true, piece: .max)
    }
    #expect { try Rows(source) } throws: { ($0 as? SnapshotFault)?.code == code }
  }
}
