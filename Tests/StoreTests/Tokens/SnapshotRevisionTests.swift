import Foundation
import JSONText
import Testing

@testable import Store

/// Tokens and erased VIDs, as filters see them, whatever snapshot is loaded.
struct SnapshotRevisionTests {
  private let site: TokenSite
  init() throws { site = try TokenSite() }

  @Test("A token is a reg id for filters, of a type that the registry may not even have")
  func tokenIsSeen() throws {
    try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")])
    #expect(try site.holders(of: "MOSIP UIN TOKEN") == [])
    #expect(try site.revision.bringUpToDate()?.tokens == 1)
    #expect(try site.holders(of: "MOSIP UIN TOKEN") == [1])
    #expect(try site.snapshot.ids(#"[["reg_ids.value", "=", "TOKEN-ANA"]]"#) == [1])
    let ids = try site.snapshot.text("SELECT id FROM \"g2p.reg.id\" WHERE partner_id = 1")
    #expect(ids.compactMap { Int64($0) }.filter { $0 < 0 }.count == 1)
    #expect(try site.revision.bringUpToDate() == nil, "it is up to date")
  }

  /// What `g2p_mts` ships: who has a VID and no token.
  @Test("Who got a token drops out of the default domain of g2p_mts, and stays out")
  func defaultDomain() throws {
    let domain = #"""
      [["reg_ids.id_type.name", "=", "MOSIP VID"], "!", ["reg_ids.id_type.name", "=", "MOSIP UIN TOKEN"]]
      """#
    #expect(try site.snapshot.ids(domain) == [1, 2])
    try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")])
    try site.revision.bringUpToDate()
    #expect(try site.snapshot.ids(domain) == [2])
    try site.load(TokenSite.registry)
    #expect(try site.snapshot.ids(domain) == [2], "a new snapshot without the token")
  }

  @Test("A token that the registry brings itself is the registry's; without it, it is ours again")
  func inRegistry() throws {
    try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")])
    let brought = TokenSite.registry(
      ids: #"{"id": 21, "partner_id": 1, "id_type": 7, "value": "TOKEN-ANA"}"#,
      types: #"{"id": 7, "name": "MOSIP UIN TOKEN"}"#)
    try site.load(brought)
    #expect(try site.tokens.tokens(of: 1).map(\.state) == [.inRegistry])
    #expect(try site.snapshot.text("SELECT id FROM \"g2p.reg.id\"") == ["21"])
    try site.load(TokenSite.registry)
    #expect(try site.tokens.tokens(of: 1).map(\.state) == [.held])
    #expect(try site.holders(of: "MOSIP UIN TOKEN") == [1])
  }

  @Test("A frozen registrant's token, and one of somebody who is not there, is nobody's reg id")
  func notShown() throws {
    var frozen = try site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")
    frozen.state = .frozen
    try site.tokens.keep([frozen, site.token(99, "TOKEN-NOBODY", vid: "VID-NOBODY")])
    #expect(try site.revision.bringUpToDate() == SnapshotRevision.Report())
    #expect(try site.holders(of: "MOSIP UIN TOKEN") == [])
  }

  @Test("fault 89: an erased VID is gone, and stays gone when an old snapshot brings it back")
  func erasedStaysErased() throws {
    try site.erase("VID-ANA-5501", of: 1, id: 11)
    #expect(try site.revision.bringUpToDate()?.erased == 1)
    #expect(try site.holders(of: "MOSIP VID") == [2])
    try site.load(TokenSite.registry)
    #expect(try site.holders(of: "MOSIP VID") == [2])
    let moved = TokenSite.registry(
      ids: #"{"id": 31, "partner_id": 3, "id_type": 3, "value": "VID-ANA-5501"}"#)
    try site.load(moved)
    #expect(try site.holders(of: "MOSIP VID") == [], "not on another registrant either")
  }

  @Test("fault 90: no byte of an erased VID is left in any file of the store")
  func noByteLeft() throws {
    #expect(site.files(holding: "VID-ANA-5501") == ["snapshot.sqlite"])
    try site.erase("VID-ANA-5501", of: 1, id: 11)
    try site.revision.bringUpToDate()
    #expect(site.files(holding: "VID-ANA-5501") == [])
    #expect(site.files(holding: "VID-BEN-5502") == ["snapshot.sqlite"])
    try site.load(TokenSite.registry)
    #expect(site.files(holding: "VID-ANA-5501") == [])
  }

  @Test("fault 90: an erased VID goes from a reg id of nobody, of whatever type")
  func ofNobody() throws {
    let ids = #"{"id": 41, "partner_id": false, "id_type": 5, "value": "VID-ANA-5501"}"#
    try site.load(TokenSite.registry(ids: ids))
    try site.erase("VID-ANA-5501", of: 1, id: 11)
    #expect(try site.revision.bringUpToDate() == SnapshotRevision.Report(cleared: 1))
    #expect(site.files(holding: "VID-ANA-5501") == [])
  }

  @Test("A registry whose reg ids have no types of their own is loaded, without our tokens")
  func withoutTypes() throws {
    try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")])
    var files = TokenSite.registry(
      ids: #"{"id": 51, "partner_id": 1, "id_type": "VID", "value": "VID-ANA-5501"}"#)
    files["g2p.id.type.ndjson"] = nil
    files["g2p.reg.id.fields_get.json"] = #"""
      {"id": {"type": "integer", "string": "ID"}, "id_type": {"type": "char", "string": "Type"},
      "value": {"type": "char", "string": "Value"},
      "partner_id": {"type": "many2one", "string": "Partner", "relation": "res.partner"}}
      """#
    try site.load(files)
    #expect(try site.snapshot.text("SELECT value FROM \"g2p.reg.id\"") == ["VID-ANA-5501"])
  }

  @Test("A value of another type that looks like an erased VID of somebody else stays")
  func otherType() throws {
    try site.erase("NID-BEN", of: 1, id: 11)
    #expect(try site.revision.bringUpToDate()?.erased == 0)
    #expect(try site.holders(of: "NATIONAL") == [2])
  }

  @Test("Who reads the old file goes on undisturbed")
  func readers() throws {
    let old = try site.snapshot
    try site.erase("VID-ANA-5501", of: 1, id: 11)
    try site.tokens.keep([site.token(2, "TOKEN-BEN", vid: "VID-BEN-5502")])
    try site.revision.bringUpToDate()
    #expect(try old.text("SELECT count(*) FROM \"g2p.reg.id\"") == ["3"])
    #expect(try old.ids(#"[["reg_ids.value", "=", "VID-ANA-5501"]]"#) == [1])
    #expect(throws: LoadFault.self) { try old.second() }
  }

  @Test("A revision that is given up leaves the old snapshot in force, and no file behind")
  func givenUp() throws {
    let before = site.site.names
    try site.erase("VID-ANA-5501", of: 1, id: 11)
    let staged = StagedSnapshot(
      try site.snapshot.summary,
      file: try StagedDatabase(copying: SnapshotLoader.fileName, in: site.site.store),
      kind: .registry)
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try staged.change { db in
        try SnapshotOverlay.strip(in: db)
        throw Stop()
      }
    }
    staged.discard()
    #expect(Set(site.site.names).subtracting(before).isSubset(of: ["hash.key"]))
    #expect(try site.holders(of: "MOSIP VID") == [1, 2])
    #expect(try site.revision.bringUpToDate()?.erased == 1, "what was given up is done next")
  }

  @Test(
    "A revision changes what differs and leaves our other rows, with their ids, where they stand")
  func onlyWhatDiffers() throws {
    func ours() throws -> [String] {
      try site.snapshot.text(
        "SELECT id || ' ' || partner_id || ' ' || value FROM \"g2p.reg.id\" WHERE id < 0 ORDER BY 1"
      )
    }
    try site.tokens.keep([site.token(2, "TOKEN-BEN", vid: "VID-BEN-5502")])
    try site.revision.bringUpToDate()
    let ben = try ours()
    try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")])
    #expect(try site.revision.bringUpToDate()?.tokens == 1, "one was put in, the other was there")
    #expect(try ours().count == 2 && ours().contains(ben[0]))
    try site.erase("VID-ANA-5501", of: 1, id: 11)
    #expect(try site.revision.bringUpToDate() == SnapshotRevision.Report(erased: 1))
    #expect(try ours().count == 2, "an erasure is nothing to tokens")
  }

  @Test("A token that is taken back leaves the snapshot, and no byte of it stays there")
  func takenBack() throws {
    try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")])
    try site.revision.bringUpToDate()
    #expect(Set(site.files(holding: "TOKEN-ANA")) == ["snapshot.sqlite", "tokens.sqlite"])
    try site.tokens.thaw([1])
    try site.revision.bringUpToDate()
    #expect(try site.holders(of: "MOSIP UIN TOKEN") == [])
    #expect(site.files(holding: "TOKEN-ANA") == [])
  }

  @Test("A delta is merged without our rows, and has them again before it comes in force")
  func delta() throws {
    try site.tokens.keep([site.token(2, "TOKEN-BEN", vid: "VID-BEN-5502")])
    try site.erase("VID-ANA-5501", of: 1, id: 11)
    try site.revision.bringUpToDate()
    let staged = try site.site.stage(
      delta: [#"{"id": 1, "name": "Ada"}"#], deleted: [["model": "res.partner", "ids": [3]]])
    #expect(staged.summary.counts["g2p.reg.id"] == 2, "the registry's own rows are counted")
    try site.revision.commit(staged)
    #expect(try site.holders(of: "MOSIP UIN TOKEN") == [2])
    #expect(try site.holders(of: "MOSIP VID") == [2])
    #expect(try site.snapshot.text("SELECT name FROM \"res.partner\"") == ["Ada", "Ben"])
  }
}
