import Fixtures
import Foundation
import GRDB
import JSONText
import Language
import Snapshots
import Testing

@testable import Store

/// The same sixty registrants in every form that is dropped.
struct EveryFormTests {
  static let forms: [(String, SnapshotContents.Form)] = [
    ("cp $S/res.partner.search_read.json drop", .searchRead),
    (
      #"(printf '{"jsonrpc": "2.0", "id": 1, "result": '; cat $S/res.partner.search_read.json; printf '}') > drop"#,
      .searchRead
    ),
    ("python3 -c '\(lines)' < $S/res.partner.search_read.json > drop", .searchRead),
    ("tar -C $S -cf drop --exclude='*.csv' --exclude='*response*' .", .searchRead),
    ("cp $S/res.partner.export_import_compatible.csv drop", .csvExport),
    ("cp $S/res.partner.export_plain.csv drop", .csvExport),
    ("cp $S/res_partner.copy.csv drop", .copy), ("cp $S/res_partner_joined.copy.csv drop", .copy),
    ("cd $S && tar -cf $OLDPWD/drop g2p_*.csv res_partner.copy.csv", .copy),
    (
      "cd $S && zip -q $OLDPWD/drop.zip g2p_*.csv res_partner.copy.csv; cd - && mv drop.zip drop",
      .copy
    ),
    ("gzip < $S/res_partner.copy.csv > drop", .copy),
    ("zstd -q < $S/res_partner.copy.csv > drop", .copy),
    ("xz < $S/res.partner.export_plain.csv > drop", .csvExport),
    ("bzip2 < $S/res.partner.export_plain.csv > drop", .csvExport),
    (#"(printf '\xef\xbb\xbf'; cat $S/res_partner_joined.copy.csv) > drop"#, .copy),
    ("python3 -c '\(returns)' < $S/res_partner_joined.copy.csv > drop", .copy),
    ("python3 -c '\(semicolons)' < $S/res_partner_joined.copy.csv > drop", .copy),
  ]
  private static let lines =
    #"import json,sys; [print(json.dumps(r)) for r in json.load(sys.stdin)]"#
  private static let returns =
    #"import csv,sys; csv.writer(sys.stdout, lineterminator="\r\n").writerows(csv.reader(sys.stdin))"#
  private static let semicolons =
    #"import csv,sys; csv.writer(sys.stdout, delimiter=";").writerows(csv.reader(sys.stdin))"#

  @Test("Every form gives the same registrants", arguments: forms)
  func same(_ line: String, _ form: SnapshotContents.Form) throws {
    let site = try LoadingSite()
    let drop = try site.make("drop", "S=\(Fixture.path("small")); \(line)")
    try site.staged(drop).commit()
    let snapshot = try SnapshotStore.open(site.store)
    #expect(snapshot.summary.form == form && snapshot.summary.partners == 60)
    let sql = """
      SELECT id, name, nullif(given_name, ''), nullif(family_name, ''), birthdate, gender, active,
      is_registrant FROM "res.partner" ORDER BY id
      """
    #expect(try snapshot.text(sql) == Self.wanted())
  }

  @Test("A snapshot says in the store what its form has lost, and what was left out")
  func lost() throws {
    let site = try LoadingSite()
    try site.staged(Fixture.path("small/res.partner.export_plain.csv")).commit()
    let snapshot = try SnapshotStore.open(site.store)
    #expect(snapshot.summary.notes.count == 2)
    for column in ["column 17 (parent_id)", "(gender): the registry itself says"] {
      #expect(snapshot.summary.notes.contains { $0.contains(column) }, "\(column)")
    }
    #expect(
      try snapshot.text("SELECT value FROM airlock_snapshot WHERE key = 'lost'").first?
        .contains("empty texts") == true)
  }

  @Test("Links by name are found by name, and whoever asks by id is warned")
  func names() throws {
    let site = try LoadingSite()
    try site.staged(Fixture.path("csv/res.partner.export_plain.csv")).commit()
    let snapshot = try SnapshotStore.open(site.store)
    func search(_ domain: String) throws -> (count: Int, warnings: [String]) {
      let search = try RegistrySearch(
        JSONDocument(parsing: domain), model: "res.partner", activeTest: false, over: snapshot)
      var count = 0
      try search.forEachID { _ in count += 1 }
      return (count, search.warnings.map(\.message))
    }
    let byName = try search(#"[["district.name","=","Takeo"]]"#)
    #expect(byName.count == 116)
    #expect(try search(#"[["reg_ids.id_type","=like","MOSIP VID"]]"#).count == 1_258)
    let byID = try search(#"[["district","=",3]]"#)
    #expect(byID.count == 0 && byID.warnings.contains { $0.contains("have names and no ids") })
    #expect(
      throws: DomainFault.self, "parents came by name only, and are left out"
    ) { try search(#"[["parent_id.name","=","x"]]"#) }
  }

  @Test("Columns that nobody described get their types in the end")
  func inferred() throws {
    let site = try LoadingSite()
    try site.staged(
      text: "id,x_i,x_f,x_b,x_t,x_v\n1,5,1,t,007,4126162436616973\n2,,2.50,,a,\n3,-7,,f,,1\n"
    ).commit()
    let snapshot = try SnapshotStore.open(site.store)
    #expect(
      try snapshot.text("SELECT x_i, x_f, x_b, x_t, x_v FROM \"res.partner\"")
        == ["5|1.0|1|007|4126162436616973", "NULL|2.5|NULL|a|NULL", "-7|NULL|0|NULL|1"])
    try site.staged(text: ".id,x_b\n1,True\n2,\n").commit()
    #expect(
      try SnapshotStore.open(site.store).text("SELECT x_b FROM \"res.partner\"") == ["1", "0"])
  }

  private static func wanted() throws -> [String] {
    let site = try LoadingSite()
    try site.staged(Fixture.path("small/res.partner.search_read.json")).commit()
    return try SnapshotStore.open(site.store).text(
      """
      SELECT id, name, nullif(given_name, ''), nullif(family_name, ''), birthdate, gender, active,
      is_registrant FROM "res.partner" ORDER BY id
      """)
  }
}
