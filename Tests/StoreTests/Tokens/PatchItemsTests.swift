import Foundation
import JSONText
import Testing

@testable import Store

/// What the registry was asked for, and how that is closed.
struct PatchItemsTests {
  private let site: TokenSite

  /// Ana's token is to be added, and her VID and Ben's are to go. Ben's token came after that.
  init() throws {
    site = try TokenSite()
    try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")])
    try site.erase("VID-ANA-5501", of: 1, id: 11)
    try site.erase("VID-BEN-5502", of: 2, id: 12)
    let (ana, ben) = (try site.mark("VID-ANA-5501"), try site.mark("VID-BEN-5502"))
    try note([
      PatchItem(number: 1, registrant: 1, regID: nil, vid: ana),
      PatchItem(number: 2, registrant: 1, regID: 11, vid: ana, idType: "MOSIP VID"),
      PatchItem(number: 3, registrant: 2, regID: 12, vid: ben, idType: "MOSIP VID"),
    ])
    try site.tokens.keep([site.token(2, "TOKEN-BEN", vid: "VID-BEN-5502")])
  }

  private func note(_ items: [PatchItem], sequence: Int64 = 1) throws {
    try site.tokens.change { try TokenStore.note(items, of: "registry", sequence, in: $0) }
  }

  /// `done stale toAdd toUnlink` of the first patch.
  private var state: String {
    get throws {
      let state = try #require(site.tokens.patches().first)
      return "\(state.done) \(state.stale) \(state.toAdd) \(state.toUnlink)"
    }
  }

  private func toAdd() throws -> [String] {
    var found: [String] = []
    try site.tokens.forEachTokenToAdd { registrant, token, type, _ in
      found.append("\(registrant) \(String(decoding: token, as: UTF8.self)) \(type)")
    }
    return found
  }

  private static let token = #"{"id": 21, "partner_id": 1, "id_type": 7, "value": "TOKEN-ANA"}"#
  private static let type = #"{"id": 7, "name": "MOSIP UIN TOKEN"}"#
  private static let ben = #"{"id": 12, "partner_id": 2, "id_type": 3, "value": "VID-BEN-5502"}"#

  /// A registry as it was at a time; the runs of these tests were in November 2023.
  private func load(_ ids: String, written: String) throws {
    var files = TokenSite.registry(ids: ids, types: Self.type)
    files["res.partner.ndjson"] = files["res.partner.ndjson"]?.replacing(
      #""active""#, with: "\"write_date\": \"\(written)\", \"active\"")
    try site.load(files)
    let taken = try site.snapshot.summary.taken?.text
    #expect(taken?.prefix(4) == written.prefix(4))
  }

  @Test(
    "A token is asked for once, and nobody's in conflict; one that was thawed is asked for anew")
  func asked() throws {
    #expect(try state == "0 0 1 2")
    #expect(try toAdd() == ["2 TOKEN-BEN MOSIP UIN TOKEN"])
    try site.tokens.close("registry", 1, stale: [1...2], at: 1_700_000_001)
    #expect(try toAdd() == ["2 TOKEN-BEN MOSIP UIN TOKEN"])
    var frozen = try site.token(2, "TOKEN-BEN", vid: "VID-BEN-5502")
    frozen.state = .frozen
    try site.tokens.keep([frozen])
    #expect(try toAdd() == [])
    try site.tokens.thaw([1])
    try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")])
    #expect(try toAdd() == ["1 TOKEN-ANA MOSIP UIN TOKEN"])
    #expect(try state == "1 1 0 0", "the unlinks are the registry's to do all the same")
  }

  @Test("A token that the registry had by itself, and lost, is asked for")
  func lost() throws {
    try note(
      [PatchItem(number: 1, registrant: 2, regID: nil, vid: site.mark("VID-BEN-5502"))], sequence: 2
    )
    #expect(try toAdd() == [])
    try site.tokens.keep([site.token(3, "TOKEN-CEM", vid: "VID-CEM")])
    let cem = #"{"id": 23, "partner_id": 3, "id_type": 7, "value": "TOKEN-CEM"}"#
    try site.load(TokenSite.registry(ids: cem, types: Self.type))
    try note(
      [PatchItem(number: 1, registrant: 2, regID: 31, vid: site.mark("VID-31"))], sequence: 3)
    #expect(try toAdd() == [])
    try site.load(TokenSite.registry)
    #expect(try toAdd() == ["3 TOKEN-CEM MOSIP UIN TOKEN"])
    try site.revision.bringUpToDate()
    #expect(try site.revision.bringUpToDate() == nil, "that is once more, and no more than that")
  }

  @Test("fault 59: what the registry says of a patch counts once, and done stays done")
  func receipts() throws {
    for _ in 1...2 {
      try site.tokens.close("registry", 1, stale: [2...2], at: 1_700_000_001)
      #expect(try state == "2 1 0 0")
    }
    try site.tokens.close("registry", 1, stale: [1...3], at: 1_700_000_001)
    #expect(try state == "2 1 0 0")
    try site.tokens.close("registry", 1, stale: [], at: 1_700_000_001)
    #expect(try state == "3 0 0 0")
    try site.tokens.close("registry", 2, stale: [], at: 1_700_000_001)
    #expect(try site.tokens.patches().count == 1)
  }

  private static let cem = #"{"id": 33, "partner_id": 3, "id_type": 3, "value": "VID-CEM-5503"}"#
  private static let benToken = #"{"id": 22, "partner_id": 2, "id_type": 7, "value": "TOKEN-BEN"}"#

  @Test(
    "A later snapshot that has the token and lacks a VID closes those, and leaves the rest open")
  func snapshot() throws {
    try load("\(Self.token)\n\(Self.ben)\n\(Self.benToken)", written: "2026-02-01 10:00:00")
    #expect(try state == "2 0 0 1", "Ben's VID is still there")
    #expect(try site.holders(of: "MOSIP VID") == [], "but not in our copy")
    try load("\(Self.token)\n\(Self.benToken)\n\(Self.cem)", written: "2026-02-02 10:00:00")
    #expect(try state == "3 0 0 0")
  }

  /// How an export came short of Ben's reg ids, those that it has, and whose unlinks stay open.
  static let silent: [(String, String, Int)] = [
    ("no VID of anybody", "\(token)\n\(benToken)", 2),
    ("another id type only", #"{"id": 13, "partner_id": 2, "id_type": 5, "value": "NID-BEN"}"#, 2),
    ("other persons only", "\(token)\n\(cem)", 1),
    (
      "VIDs of others, another id of Ben's",
      #"{"id": 13, "partner_id": 2, "id_type": 5, "value": "NID-BEN"}"# + "\n\(cem)", 2
    ),
    (
      "a row of Ben's for a token, and nothing in it",
      #"{"id": 22, "partner_id": 2, "id_type": 7, "value": " "}"# + "\n\(cem)", 2
    ),
  ]

  @Test("fault 111: what a snapshot does not speak of, it does not settle", arguments: silent)
  func isSilent(_ how: String, _ ids: String, _ open: Int) throws {
    try load(ids, written: "2026-02-01 10:00:00")
    #expect(try site.tokens.patches().first?.toUnlink == open, "\(how)")
  }

  @Test("fault 111: reg ids as bare numbers, or a snapshot without Ben, settle nothing of his")
  func bare() throws {
    let others = #"{"id": 1, "write_date": "2026-02-01 10:00:00", "name": "Ana", "#
    try site.loadText("[" + others + #""reg_ids": [21, 22]}]"#)
    #expect(try state == "0 0 1 2")
    let ids = #""reg_ids": [{"id": 21, "id_type": [7, "MOSIP UIN TOKEN"], "value": "TOKEN-ANA"}, "#
    try site.loadText(
      "[" + others + ids + #"{"id": 33, "id_type": [3, "MOSIP VID"], "value": "VID-NEW"}]}]"#)
    #expect(try state == "2 0 0 1")
  }

  @Test(
    "fault 111: what a receipt said was unlinked, and a later whole snapshot has, is open again")
  func openAgain() throws {
    let ids = "\(Self.token)\n\(Self.ben)\n\(Self.benToken)"
    let received: Int64 = 1_770_000_000
    try site.tokens.close("registry", 1, stale: [], at: received)
    #expect(try state == "3 0 0 0")
    try load(ids, written: "2026-02-02 02:39:00")
    #expect(try state == "3 0 0 0", "it may be of before the registry did it")
    try load(ids, written: "2026-02-03 10:00:00")
    #expect(try state == "2 0 0 1")
    try site.tokens.close("registry", 1, stale: [], at: received + 200_000)
    #expect(try state == "3 0 0 0", "done again")
  }

  @Test("fault 89: a snapshot of before the run, or of no known time, closes no VID")
  func olderSnapshot() throws {
    try load(Self.token, written: "2021-02-01 10:00:00")
    #expect(try state == "1 0 0 2")
    try site.load(TokenSite.registry(ids: Self.token, types: Self.type))
    #expect(try state == "1 0 0 2")
  }

  @Test("A delta that does not speak of a VID closes nothing: our copy lacked it before")
  func delta() throws {
    try load("\(Self.token)\n\(Self.ben)", written: "2026-02-01 10:00:00")
    let staged = try site.site.stage(
      delta: [#"{"id": 1, "name": "Ada", "write_date": "2026-03-01 10:00:00"}"#], deleted: [])
    try site.revision.commit(staged)
    #expect(try state == "2 0 0 1")
  }

  @Test("Bringing the snapshot in force up to date closes nothing")
  func revisionAlone() throws {
    try site.revision.bringUpToDate()
    #expect(try state == "0 0 1 2")
  }
}
