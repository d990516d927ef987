import Files
import Fixtures
import Foundation
import JSONText
import Language
import Snapshots
import Testing

@testable import Store

/// Submissions of a form, as tables.
struct ODKTests {
  @Test("Groups are linked records, repeats are lines, and dates are dates, in UTC")
  func tables() throws {
    let store = try LoadingSite().loadODK()
    #expect(
      try store.text(
        "SELECT id, instance_id, submission_date, start, consent, visits FROM \"odk.submission\" LIMIT 2"
      )
        == [
          "1|uuid:85cb9aff-005e-4edd-9739-dc9c1a829c44|2026-11-18 09:30:00.25|2026-11-18 09:12:03|1|2",
          "2|uuid:0a9cb09e-2f1f-4b60-8f0e-1d2d5ad9a1aa|2026-11-19 23:59:59|2026-11-19 23:05:00|1|0",
        ])
    #expect(
      try store.text(
        "SELECT id, fname, dob, vid, address, email FROM \"odk.submission.demo\" LIMIT 2")
        == [
          "1|Amina|1990-02-28|6204981735410927|1|NULL",
          "2|Brian|1985-07-01|0071362945018823|2|NULL",
        ])
    #expect(
      try store.text(
        "SELECT id, owner, name, age, instance_id FROM \"odk.submission.demo.children\"")
        == ["1|1|Juma|4|c1", "2|1|Zuri|7|c2", "3|3|Li|1|c3"])
    let types = ["start", "consent", "visits", "demo", "submission_date"].map {
      store.catalog["odk.submission"]?[$0]?.type
    }
    #expect(types == [.datetime, .boolean, .integer, .many2one, .datetime])
    #expect(store.catalog["odk.submission.demo"]?["dob"]?.type == .date)
    #expect(store.summary.taken?.text == "2026-11-21T07:00:00Z")
    #expect(store.summary.counts["odk.submission"] == 4)
  }

  @Test(
    "An export of which a page is missing is refused",
    arguments: [
      (#""@odata.nextLink": "https://x/next", "#, "", "odk_partial"),
      (#""@odata.count": 2, "#, "", "odk_partial"), ("", #", "@odata.count": 0"#, "odk_partial"),
      ("", #", "@odata.nextLink": "x""#, "odk_partial"),
      (#""@odata.nextLink": null, "@odata.count": 1, "#, "", nil), ("", "", nil),
    ] as [(String, String, String?)])
  func pages(before: String, after: String, code: String?) throws {
    let text =
      #"{"@odata.context": "c", \#(before)"value": [{"__id": "uuid:1", "a": "b"}]\#(after)}"#
    let site = try LoadingSite()
    try site.drops.write(text, as: "form.json")
    let load = {
      _ = try ODKLoader(into: site.store).load(
        .path(site.drops("form.json"), rules: .named(limit: .max)),
        now: Date(timeIntervalSince1970: 0))
    }
    guard let code else { return try load() }
    #expect(try #require(throws: SnapshotFault.self, performing: load).code == code)
  }

  @Test(
    "A filter walks through groups and repeats as through links",
    arguments: [
      (#"[["demo.fname", "=", "Amina"]]"#, [1, 4]),
      (#"[["demo.address.town", "ilike", "gul"]]"#, [2, 3]),
      (#"[["demo.children.age", ">", 3]]"#, [1]), (#"[["demo.children", "=", false]]"#, [2, 4]),
      (#"[["system.reviewState", "!=", "rejected"]]"#, [1, 2, 4]),
      (#"[["submission_date", ">=", "2026-11-20 00:00:00"]]"#, [3, 4]),
      (#"[["demo.dob", "<", "1990-01-01"]]"#, [2]),
      (#"[["demo.email", "=", false]]"#, [1, 2, 3, 4]),
      (#"["!", ["consent", "=", true]]"#, [3]),
    ] as [(String, [Int64])])
  func filters(domain: String, ids: [Int64]) throws {
    #expect(try LoadingSite().loadODK().ids(domain, on: ODK.mainModel) == ids)
  }

  @Test("Fields over groups are selected as text, the VID as well; one that two hold is shared")
  func selection() throws {
    let store = try LoadingSite().loadODK()
    let model = try #require(store.catalog[ODK.mainModel])
    let fields = try ["demo.address.town", "demo.dob", "consent"].map {
      try SelectedField($0, of: model, in: store.catalog)
    }
    let vid = VIDSource.field(try SelectedField("demo.vid", of: model, in: store.catalog))
    let query = try Resolver(catalog: store.catalog).resolve(
      DomainParser().parse(JSONCursor(JSONDocument(parsing: "[]"))), on: ODK.mainModel,
      activeTest: false)
    let selection = Selection(query: query, fields: fields, vid: vid)
    var rows: [String] = []
    let shared = try store.read { try SharedVIDs(of: vid, on: ODK.mainModel, in: $0) }
    try store.read { database in
      try selection.forEach(in: database, catalog: store.catalog) { row in
        let isShared = row.vid.map { shared.contains($0) } ?? false
        let texts = (0..<3).map { row.field($0).map { String(decoding: $0, as: UTF8.self) } ?? "-" }
        rows.append(
          (texts + [row.vid == nil ? "none" : isShared ? "shared" : "own"]).joined(separator: "|"))
        return true
      }
    }
    #expect(
      rows == [
        "Lira|1990/02/28|true|shared", "Gulu|1985/07/01|true|own", "Gulu|2000/02/29|false|none",
        "Lira|1990/02/28|true|shared",
      ])
  }

  @Test(
    "A path over a repeat, or to nowhere, is no field to send",
    arguments: ["demo.children.age", "demo.nothing", "visits.x", "demo.children"])
  func badPaths(path: String) throws {
    let store = try LoadingSite().loadODK()
    let model = try #require(store.catalog[ODK.mainModel])
    #expect(throws: SelectionFault.self) { try SelectedField(path, of: model, in: store.catalog) }
  }

  @Test(
    "Submissions that are unclear are refused, and those in force stay",
    arguments: [
      (#"{"a-b": 1, "a_b": 2}"#, "bad_field_name"), (#"{"a": {"b": 1}, "A": 2}"#, "bad_field_name"),
      (#"{"a": {"b": 1}}, {"__id": "y", "a": 3}"#, "odk_form_unclear"),
      (#"{"a": [{"b": 1}]}, {"__id": "y", "a": {"b": 1}}"#, "odk_form_unclear"),
      (#"{"a": tru}"#, "not_json"),
      (#"{"a": 1}, {"__id": "x", "a": 2}"#, "duplicate_id"), (#"{"a": 1}, {"a": 2}"#, "missing_id"),
      (#"{"a": 1}, {"__id": "", "a": 2}"#, "missing_id"),
      (#"{"a": 1}, {"__id": null, "a": 2}"#, "missing_id"),
    ])
  func unclear(members: String, code: String) throws {
    let site = try LoadingSite()
    let before = try site.loadODK()
    let text = #"{"value": [{"__id": "x", "# + members.dropFirst() + "]}"
    let fault = try #require(throws: SnapshotFault.self) { try site.stageODK(text) }
    #expect(fault.code == code, "\(fault.message)")
    #expect(try SnapshotStore.open(site.store, .odk).summary == before.summary)
  }

  @Test("Names of a form that are ours, or none of ours, are made safe")
  func names() throws {
    let site = try LoadingSite()
    try site.stageODK(
      #"{"value": [{"__id": "x", "id": 9, "first-name": "a", "1st": "b", "größe": 3, "system": "c"}]}"#
    ).commit()
    #expect(
      try SnapshotStore.open(site.store, .odk).text(
        "SELECT id, id_, \"first_name\", _1st, \"gr__e\", system_ FROM \"odk.submission\"")
        == ["1|9|a|b|3|c"])
  }

  @Test("Submissions are told from a registry by what they hold")
  func recognition() throws {
    for (text, form) in [
      (#"{"value": [{"__id": "x"}]}"#, DropForm.odk),
      (#"{"@odata.context": "…", "value": []}"#, .odk),
      (#"{"id": 7, "is_registrant": true, "value": [1]}"#, .registry(nil)),
    ] {
      let site = try LoadingSite()
      try site.drops.write(text, as: "drop.json")
      #expect(try DropForm.tell(.path(site.drops("drop.json"), rules: .named(limit: .max))) == form)
    }
  }
}

extension LoadingSite {
  func stageODK(_ text: String) throws -> StagedSnapshot {
    try drops.write(text, as: "odk.json")
    return try stageODK(at: drops("odk.json"))
  }

  func stageODK(at path: String) throws -> StagedSnapshot {
    try ODKLoader(into: store).load(
      .path(path, rules: .named(limit: .max)), now: Date(timeIntervalSince1970: 1_700_000_000))
  }

  /// Loads the fixture and opens it.
  func loadODK() throws -> SnapshotStore {
    try stageODK(at: Fixture.package + "/Tests/Fixtures/odk/submissions.json").commit()
    return try SnapshotStore.open(store, .odk)
  }
}
