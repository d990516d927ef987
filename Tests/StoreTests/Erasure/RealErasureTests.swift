import Files
import Fixtures
import Foundation
import GRDB
import Testing

@testable import Store

/// The real export, its VIDs deleted, and a plain search of every byte of the store: none of the
/// code under test looks.
struct RealErasureTests {
  private let site: TokenSite
  private let vids: [(vid: String, registrant: Int64, id: Int64)]

  init() throws {
    site = try TokenSite()
    let path = try site.site.make(
      "real.tar",
      "tar -C \(Fixture.path("small")) -cf real.tar --exclude='*.csv' --exclude='*response*' .")
    try site.revision.commit(site.site.staged(path))
    let rows = try site.snapshot.rows(
      """
      SELECT r.id, r.partner_id, r.value FROM "g2p.reg.id" r JOIN "g2p.id.type" t ON t.id = r.id_type
      WHERE t.name = 'MOSIP VID' AND length(r.value) > 8 ORDER BY r.id
      """)
    vids = rows.map { ($0["value"], $0["partner_id"], $0["id"]) }
  }

  /// Of the deleted ones, those whose bytes stand in some file below the store.
  private func left() throws -> [String] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: site.site.store.path)
    let contents = files.compactMap {
      FileManager.default.contents(atPath: site.site.store.path + "/" + $0)
    }
    #expect(files.contains("snapshot.sqlite") && files.contains("tokens.sqlite"))
    return Set(vids.map(\.vid)).filter { vid in
      contents.contains { $0.range(of: Data(vid.utf8)) != nil }
    }.sorted()
  }

  private func erase() throws {
    for each in vids { try site.erase(each.vid, of: each.registrant, id: each.id) }
    try site.revision.bringUpToDate()
  }

  private func load(_ name: String) throws {
    try site.revision.commit(site.site.staged(Fixture.path("small/\(name)")))
  }

  @Test("fault 90: of a real export's deleted VIDs no byte is left, and none comes back")
  func snapshots() throws {
    #expect(vids.count > 5)
    #expect(try left().count == Set(vids.map(\.vid)).count)
    try erase()
    #expect(try left() == [])
    for form in [
      "res.partner.search_read.json", "res.partner.export_import_compatible.csv",
      "res.partner.export_plain.csv", "res_partner.copy.csv",
    ] {
      try load(form)
      #expect(try left() == [], "\(form)")
    }
    let path = try site.site.make(
      "again.tar",
      "tar -C \(Fixture.path("small")) -cf again.tar --exclude='*.csv' --exclude='*response*' .")
    try site.revision.commit(site.site.staged(path))
    #expect(try left() == [], "a newer snapshot that still has them")
  }

  @Test("fault 90: a table that has the VID beside the name brings none back")
  func joined() throws {
    try erase()
    try load("res_partner_joined.copy.csv")
    #expect(try left() == [])
    #expect(try site.snapshot.summary.partners == 60)
  }

  @Test("fault 90: a delta that brings deleted VIDs brings none back")
  func delta() throws {
    try erase()
    let lines = vids.enumerated().map { number, each in
      #"{"id": \#(900_000 + number), "partner_id": \#(each.registrant), "value": "\#(each.vid)"}"#
    }
    let records = Dictionary(grouping: zip(vids, lines), by: \.0.registrant).map { id, lines in
      #"{"id": \#(id), "reg_ids": [\#(lines.map(\.1).joined(separator: ", "))]}"#
    }
    try site.revision.commit(site.site.stage(delta: records))
    #expect(try left() == [])
  }

  @Test(
    "fault 90: a VID in another column of its registrant goes; within a text it stays, and is found"
  )
  func columns() throws {
    let first = try #require(vids.first)
    let record = { (id: Int64) in
      #"{"id": \#(id), "x_vid": "\#(first.vid)", "ref": "\#(first.vid)"}"#
    }
    try site.revision.commit(site.site.stage(delta: [record(first.registrant)]))
    try erase()
    #expect(try left() == [])
    try site.revision.commit(site.site.stage(delta: [record(first.registrant)]))
    #expect(try left() == [])
    let text = #"{"id": \#(first.registrant), "comment": "once had \#(first.vid)"}"#
    try site.revision.commit(site.site.stage(delta: [text]))
    #expect(try left() == [first.vid])
    let folder = try Folder(path: (site.site.store.path as NSString).deletingLastPathComponent)
    let name = try EntryName((site.site.store.path as NSString).lastPathComponent)
    let prints = try ErasedPrints(site.tokens, site.hasher)
    let report = try ErasureScan.run(prints, over: [name], of: folder)
    #expect(report.findings.map(\.hits) == [1] && report.isWhole)
    #expect(report.findings.first?.path.hasSuffix("/snapshot.sqlite") == true)
  }

  @Test("fault 90: a VID whose length was not kept goes from columns all the same")
  func unknownLength() throws {
    let first = try #require(vids.first)
    try site.site.stage(delta: [#"{"id": \#(first.registrant), "x_vid": "\#(first.vid)"}"#])
      .commit()
    try site.tokens.erase([
      ErasedVID(
        vid: site.mark(first.vid), registrant: first.registrant, regID: first.id, at: 0,
        policy: "usual")
    ])
    #expect(try site.revision.bringUpToDate()?.cleared == 1)
    #expect(try !left().contains(first.vid))
  }

  @Test("fault 90: a form that has deleted VIDs loses them, before and after it is loaded")
  func form() throws {
    let vid = "6204981735410927"
    _ = try site.site.loadODK()
    #expect(site.files(holding: vid) == ["odk.sqlite"])
    try site.erase(vid, of: 7, id: 1)
    #expect(try site.revision.bringUpToDate()?.cleared == 2, "two submissions have it")
    #expect(site.files(holding: vid) == [])
    #expect(try site.revision.bringUpToDate() == nil)
    let path = Fixture.package + "/Tests/Fixtures/odk/submissions.json"
    try site.revision.commit(site.site.stageODK(at: path))
    #expect(site.files(holding: vid) == [])
    let form = try SnapshotStore.open(site.site.store, .odk)
    #expect(try form.text("SELECT vid FROM \"odk.submission.demo\" LIMIT 2").last?.count == 16)
  }
}
