import Fixtures
import Foundation
import GRDB
import JSONText
import Language
import Snapshots
import Testing

@testable import Store

/// The CSV forms of the real registry against what its lossless extract holds.
struct CSVConformanceTests {
  private static let tables = "g2p_*.copy.csv res_partner.copy.csv"
  /// Models of which no table came, so that no domain may lead through them.
  private static let absent = [
    "kind", "country", "state_id", "category", "related_", "user", "company", "create_", "write_",
    "disabled_by", "title", "industry", "comment", "child_of", "parent_of", "bank", "channel",
    "starred", "additional_info", "message_", "activity_", "image", "avatar", "signup",
    "commercial_", "force_", "display_name", "relation", "email_", "barcode", "contact", "tz",
    "lang",
  ]

  /// The COPY tables, with the descriptions that the extract is loaded with.
  private func copy(_ site: LoadingSite) throws -> SnapshotStore {
    let (csv, descriptions) = (Fixture.path("csv"), Fixture.path("fields_get"))
    let drop = try site.make(
      "drop",
      "(cd \(csv) && tar -cf - \(Self.tables)) > drop && tar -C \(descriptions) -rf drop .")
    try site.staged(drop).commit()
    return try SnapshotStore.open(site.store)
  }

  @Test("COPY tables hold the same rows as the extract, to the last bit")
  func sameRows() throws {
    let site = try LoadingSite()
    let ours = try copy(site)
    let extract = try TemporaryStore(loading: "extract")
    let theirs = try SnapshotStore.open(extract.store)
    #expect(ours.summary.form == .copy)
    // There are persons with such names.
    #expect(ours.summary.notes.allSatisfy { $0.contains("are taken for texts") })
    var compared = 0
    for model in ours.summary.counts.keys {
      let columns = try shared(model, ours, theirs)
      #expect(columns.count > 1, "\(model)")
      let sql = "SELECT \(columns.joined(separator: ", ")) FROM \"\(model)\" ORDER BY id"
      let (a, b) = (try ours.rows(sql), try theirs.rows(sql))
      #expect(a == b, "\(model)")
      compared += a.count * columns.count
    }
    let tags = "SELECT owner, target FROM \"res.partner/tags_ids\" ORDER BY 1, 2"
    #expect(try ours.rows(tags) == theirs.rows(tags))
    #expect(compared > 100_000)
  }

  @Test(
    "Every model of a CSV file has ids to ask for, lines beside their owners as well",
    arguments: [
      ("id,name\n1,Ana\n20,Ben\n", "res.partner"), (".id,name\n1,Ana\n20,Ben\n", "res.partner"),
      ("ID,Name\n1,Ana\n20,Ben\n", "res.partner"),
      (".id,reg_ids/.id,reg_ids/value\n1,5,a\n,20,b\n", "g2p.reg.id"),
      (".id,reg_ids/value\n1,a\n", "g2p.reg.id"),
    ])
  func ids(text: String, model: String) throws {
    let site = try LoadingSite()
    try site.staged(text: text, as: "res.partner.csv").commit()
    let store = try SnapshotStore.open(site.store)
    #expect(store.catalog[model]?["id"]?.isPresent == true)
    #expect(try store.ids(#"[["id", "<", 20]]"#, on: model).count == 1)
    let owners = try store.ids(#"[["id", "in", [1, 20]]]"#)
    #expect(!owners.isEmpty)
  }

  private func shared(
    _ model: String, _ ours: SnapshotStore, _ theirs: SnapshotStore
  ) throws -> [String] {
    let sql = "SELECT name FROM pragma_table_info('\(model)')"
    return try Set(ours.text(sql)).intersection(theirs.text(sql)).sorted().map { "\"\($0)\"" }
  }

  @Test("COPY tables answer Odoo's domains as the extract does")
  func domains() throws {
    let site = try LoadingSite()
    let snapshot = try copy(site)
    let extract = try TemporaryStore(loading: "extract")
    let other = try SnapshotStore.open(extract.store)
    var asked = 0
    let cases = try String(contentsOfFile: Fixture.path("domains.ndjson"), encoding: .utf8)
    for line in cases.split(separator: "\n") {
      let json = try JSONDocument(parsing: String(line)).root.json
      let domain = try #require(json["domain"]).line()
      guard asked < 1_000, !Self.absent.contains(where: { domain.contains($0) }),
        let theirs = try ids(json, other), let ours = try ids(json, snapshot)
      else { continue }
      asked += 1
      #expect(ours == theirs, "\(domain)")
    }
    #expect(asked >= 200, "only \(asked) domains")
  }

  /// Nil where a domain is refused.
  private func ids(_ json: JSON, _ snapshot: SnapshotStore) throws -> [Int64]? {
    do {
      let search = try RegistrySearch(
        JSONDocument(parsing: json["domain"]?.line() ?? ""), model: "res.partner",
        activeTest: json["active_test"] == true, over: snapshot)
      var ids: [Int64] = []
      try search.forEachID { ids.append($0) }
      return ids
    } catch is DomainFault {
      return nil
    }
  }

  static let exports = ["export_import_compatible", "export_plain"]

  @Test("An export holds what search_read holds of the same registrants", arguments: exports)
  func export(_ form: String) throws {
    let site = try LoadingSite()
    try site.staged(Fixture.path("csv/res.partner.\(form).csv")).commit()
    let ours = try SnapshotStore.open(site.store)
    let other = try TemporaryStore(loading: "search_read")
    let theirs = try SnapshotStore.open(other.store)
    #expect(ours.summary.form == .csvExport && ours.summary.partners == 2_000)
    for (sql, least) in Self.questions(form) {
      let (a, b) = (try ours.text(sql), try theirs.text(sql))
      #expect(a.count >= least && a == b, "\(sql): \(a.count), \(b.count)")
    }
  }

  /// What both hold; an empty text is as an unset one in an export.
  private static func questions(_ form: String) -> [(String, Int)] {
    // An export has the labels of genders, which only the registry knows: here, keys with a capital.
    let texts = ["name", "given_name", "family_name", "lower(gender)", "email"].map {
      "nullif(\($0), '')"
    }
    let plain = [
      "birthdate", "income", "active", "is_registrant", "is_group", "disabled",
      "registration_date",
    ]
    let columns = (["id"] + texts + plain).joined(separator: ", ")
    let isFull = form != "export_plain"
    let ids = "p.partner_id, nullif(t.name, ''), nullif(p.value, ''), p.status, p.expiry_date"
    return [
      ("SELECT \(columns) FROM \"res.partner\" WHERE is_registrant ORDER BY id", 2_000),
      (
        """
        SELECT p.id, d.name FROM "res.partner" p LEFT JOIN "g2p.district" d ON d.id = p.district
        WHERE p.is_registrant AND d.name <> '' ORDER BY p.id
        """, 1_000
      ),
      (
        """
        SELECT \(isFull ? "p.id, p.id_type, " : "")\(ids) FROM "g2p.reg.id" p
        JOIN "res.partner" r ON r.id = p.partner_id AND r.is_registrant
        LEFT JOIN "g2p.id.type" t ON t.id = p.id_type
        WHERE \(isFull ? "TRUE" : "coalesce(nullif(t.name, ''), nullif(p.value, ''), p.status, p.expiry_date) IS NOT NULL")
        ORDER BY \(isFull ? "p.id" : ids)
        """, 2_500
      ),
      (
        """
        SELECT partner_id, phone_no FROM "g2p.phone.number" WHERE phone_no <> '' ORDER BY 1, 2
        """, 2_000
      ),
    ]
  }
}
