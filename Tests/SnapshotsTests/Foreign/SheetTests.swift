import Files
import Fixtures
import Foundation
import Testing

@testable import Snapshots

/// The first sheet of a workbook is read as the CSV that Odoo would have written.
struct SheetTests {
  private static let types = ("[Content_Types].xml", "<Types/>")
  private static let relations = (
    "xl/_rels/workbook.xml.rels",
    #"""
    <Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/>
    <Relationship Id="r3" Type="x/styles" Target="/xl/styles.xml"/></Relationships>
    """#
  )
  private static let workbook = (
    "xl/workbook.xml",
    #"<workbook xmlns:r="u"><sheets><sheet name="h" r:id="r9" state="hidden"/><sheet name="a" r:id="r1"/></sheets></workbook>"#
  )
  private static let styles = (
    "xl/styles.xml",
    #"""
    <styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/>
    <numFmt numFmtId="165" formatCode="yyyy-mm-dd hh:mm:ss"/><numFmt numFmtId="166" formatCode="#,##0.00 &quot;days&quot;"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>
    """#
  )
  private static let shared = (
    "xl/sharedStrings.xml",
    #"""
    <sst><si><t>.id</t></si><si><t>given_name</t></si><si><r><t>A</t></r><r><t xml:space="preserve"> "n"
    a_x000D_</t></r><rPh><t>no</t></rPh></si><si><t/></si></sst>
    """#
  )

  private func rows(
    _ data: String, shared: (String, String) = shared, workbook: (String, String) = workbook
  ) throws -> Rows {
    let sheet = (
      "xl/worksheets/sheet1.xml", "<worksheet><sheetData>\(data)</sheetData></worksheet>"
    )
    // The texts come behind the sheet, as most programs write them.
    let entries = [Self.types, sheet, workbook, Self.relations, shared, Self.styles]
    return try Rows(
      SnapshotSource(name: "res.partner.xlsx") {
        TextSource(entries, isArchive: true, piece: 11)
      })
  }

  private static let header = #"""
    <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>birthdate</t></is></c>
    <c r="D1" t="str"><v>active</v></c><c r="E1" t="str"><v>income</v></c><c r="F1" t="str"><v>create_date</v></c><c r="G1" s="1"/></row>
    """#

  @Test(
    "Texts, numbers, flags, dates and times by their styles; blanks and missing cells are unset")
  func values() throws {
    let rows = try rows(
      Self.header
        + #"""
        <row r="2"><c r="A2"><v>7</v></c><c r="B2" t="s"><v>2</v></c><c r="C2" s="1"><v>29280</v></c><c r="D2" t="b"><v>1</v></c>
        <c r="E2" s="3"><v>0.1</v></c><c r="F2" s="2"><v>45293.127835648149</v></c></row>
        <row r="4"><c r="A4"><v>8</v></c><c r="B4" t="s"><v>3</v></c><c r="D4" t="b"><v>0</v></c><c r="J4" s="1"/></row><row r="9"/>
        """#)
    let records = rows.records()
    #expect(records.map { $0["id"] } == [.integer(7), .integer(8)])
    #expect(records.map { $0["given_name"] } == [.text("A \"n\"\na\r"), .null])
    #expect(records.map { $0["birthdate"] } == [.text("1980-02-29"), .null])
    #expect(records.map { $0["active"] } == [.integer(1), .integer(0)])
    #expect(records[0]["income"] == .real(0.1))
    #expect(records[0]["create_date"] == .text("2024-01-02 03:04:05"))
    #expect(rows.contents?.notes.count == 1)
  }

  @Test("Numbers of many digits come as they are stored, and the column is named")
  func longNumbers() throws {
    let cell = #"<c r="A2"><v>7</v></c><c r="B2"><v>4126162436616973</v></c>"#
    let rows = try rows(
      Self.header
        + "<row r=\"2\">\(cell)</row><row r=\"3\"><c r=\"A3\"><v>8</v></c><c r=\"B3\"><v>4.12616E+15</v></c></row>"
    )
    #expect(
      rows.records().map { $0["given_name"] } == [.text("4126162436616973"), .text("4.12616E+15")])
    #expect(rows.contents?.notes.contains { $0.contains("column 2") } == true)
  }

  static let faults: [String] = [
    #"<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>"#,
    #"<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>"#,
    #"<row r="2"><c r="A2" t="s"><v>99</v></c></row>"#,
    #"<row r="2"><c r="B2" s="1"><v>60</v></c></row>"#,
    #"<row r="2"><c r="B2" s="1"><v>-5</v></c></row>"#, #"<row r="1"><c r="A1"><v>1</v></c></row>"#,
    #"<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>"#, #"<row r="99999999"/>"#,
    "<row>",
  ]

  @Test("Formulas, errors, texts that are not there, cells in no order", arguments: faults)
  func refused(_ row: String) {
    #expect { try rows(Self.header + row) } throws: { ($0 as? SnapshotFault)?.kind == .badSheet }
  }

  @Test("A document type, days since 1904, a workbook without a sheet")
  func workbooks() {
    let row = Self.header
    for workbook in [
      "<!DOCTYPE x [<!ENTITY a \"b\">]><workbook/>",
      "<workbook><workbookPr date1904=\"1\"/></workbook>",
      "<workbook/>",
    ] {
      #expect { try rows(row, workbook: ("xl/workbook.xml", workbook)) } throws: {
        ($0 as? SnapshotFault)?.kind == .badSheet
      }
    }
  }

  static let serials: [(Double, String?)] = [
    (1, "1900-01-01"), (59, "1900-02-28"), (60, nil), (61, "1900-03-01"), (366, "1900-12-31"),
    (367, "1901-01-01"), (36_526, "2000-01-01"), (2_958_465, "9999-12-31"), (0, nil),
    (2_958_466, nil),
    (29_280.5, "1980-02-29 12:00:00"), (1.0 / 0, nil),
  ]

  @Test("Days as spreadsheets count them", arguments: serials)
  func days(_ serial: Double, _ text: String?) {
    #expect(SheetDay.text(serial, withTime: false) == text)
  }

  @Test("A workbook in a real zip, of a program's own making")
  func real() throws {
    let path = Fixture.package + "/Tests/Fixtures/sheets/openpyxl.xlsx"
    let rows = try Rows(.path(path, rules: .named(limit: .max)))
    #expect(rows.records().map { $0["given_name"] } == [.text("Ana")])
    #expect(rows.records("g2p.reg.id").map { $0["value"] } == [.text("4126162436616973")])
  }
}
