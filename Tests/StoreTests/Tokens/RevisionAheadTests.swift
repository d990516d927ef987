import Foundation
import GRDB
import JSONText
import Secrets
import Testing

@testable import Store

/// Revisions that are made before what they need is noted.
struct RevisionAheadTests {
  private let site: TokenSite
  init() throws { site = try TokenSite() }

  private static let token = #"{"id": 21, "partner_id": 1, "id_type": 7, "value": "TOKEN-ANA"}"#
  private static let type = #"{"id": 7, "name": "MOSIP UIN TOKEN"}"#

  private func rows(_ site: TokenSite) throws -> [String] {
    try site.snapshot.text(
      """
      SELECT id || ' ' || ifnull(partner_id, '') || ' ' || ifnull(value, '') || ' '
        || ifnull(status, '') FROM "g2p.reg.id" ORDER BY id
      """)
  }

  // MARK: Without what a plan deletes

  /// Every VID of those who have a token of the registry's.
  private func plan(_ site: TokenSite) throws -> PrunePlan {
    let search = try RegistrySearch(
      JSONDocument(parsing: #"[["is_registrant", "=", true]]"#), model: "res.partner",
      activeTest: true, over: site.snapshot)
    var terms = PruneTerms(vidTypes: [3], tokenTypes: [7], knownSince: .max)
    (terms.source, terms.takesAll) = (.registry, true)
    return try PrunePlan(search, terms, site.tokens, site.hasher)
  }

  @Test("It comes in force if it is the one that is needed, else it goes")
  func needed() throws {
    let ids = """
      \(Self.token)
      {"id": 11, "partner_id": 1, "id_type": 3, "value": "VID-ANA-5501"}
      {"id": 12, "partner_id": 2, "id_type": 3, "value": "VID-BEN-5502"}
      """
    try site.load(TokenSite.registry(ids: ids, types: Self.type))
    _ = try site.hasher
    let before = Set(site.site.names)
    try beforeTokensCame()
    try beforeErasure()
    #expect(Set(site.site.names) == before)
  }

  private func beforeTokensCame() throws {
    let ahead = try RevisionAhead(site.revision, of: site.snapshot.summary, without: plan(site))
    #expect(try site.revision.bringUpToDate(with: ahead) == nil, "nothing is noted yet")
    #expect(ahead.revised(of: try site.snapshot.summary, as: nil) == nil, "it is for something")
    try site.tokens.keep([site.token(2, "TOKEN-BEN", vid: "VID-BEN-5502")])
    #expect(try site.revision.bringUpToDate(with: ahead)?.tokens == 1, "another one was needed")
    #expect(try site.holders(of: "MOSIP VID") == [1, 2])
  }

  private func beforeErasure() throws {
    let ahead = try RevisionAhead(site.revision, of: site.snapshot.summary, without: plan(site))
    let mark = OverlayMark(tokens: 1, erased: 2, types: site.types)
    #expect(ahead.revised(of: try site.snapshot.summary, as: mark.text) != nil)
    try site.tokens.erase([
      site.erased("VID-ANA-5501", of: 1, id: 11), site.erased("VID-BEN-5502", of: 2, id: 12),
    ])
    #expect(try site.revision.bringUpToDate(with: ahead)?.erased == 2)
    #expect(site.files(holding: "VID-ANA-5501") == [])
  }

  /// A VID that stands twice is looked for; one that stands once need not be.
  private static let odd = """
    \(token)
    {"id": 11, "partner_id": 1, "id_type": 3, "value": "VID-ANA-5501", "status": "valid"}
    {"id": 12, "partner_id": 1, "id_type": 5, "value": "VID-ANA-5501", "status": "valid"}
    {"id": 13, "partner_id": 1, "id_type": 5, "value": "NID-ANA", "status": "VID-ANA-5501"}
    {"id": 14, "partner_id": false, "id_type": 5, "value": "VID-ANA-5501", "status": "valid"}
    {"id": 15, "partner_id": 2, "id_type": 5, "value": "NID-BEN", "status": "VID-ANA-5501"}
    {"id": 16, "partner_id": 2, "id_type": 3, "value": "VID-BEN-5502", "status": "valid"}
    {"id": 17, "partner_id": 1, "id_type": 3, "value": "VID-ANA-5503", "status": "valid"}
    """

  @Test("It takes out what one that is made afterwards does", arguments: [true, false])
  func sameErasure(isAhead: Bool) throws {
    try site.load(TokenSite.registry(ids: Self.odd, types: Self.type))
    let plan = try plan(site)
    #expect(plan.items.map(\.regID) == [11, 17])
    #expect(plan.repeated == [Array("VID-ANA-5501".utf8)])
    let snapshot = try site.snapshot.summary
    let ahead = RevisionAhead(site.revision, of: snapshot, without: plan)
    let mark = OverlayMark(tokens: 0, erased: 2, types: site.types)
    #expect(ahead.revised(of: snapshot, as: mark.text) != nil)
    try site.erase("VID-ANA-5501", of: 1, id: 11)
    try site.erase("VID-ANA-5503", of: 1, id: 17)
    #expect(
      try site.revision.bringUpToDate(with: isAhead ? ahead : nil)
        == SnapshotRevision.Report(erased: 3, cleared: 2))
    #expect(
      try rows(site) == [
        "13 1 NID-ANA ", "14   valid", "15 2 NID-BEN VID-ANA-5501", "16 2 VID-BEN-5502 valid",
        "21 1 TOKEN-ANA ",
      ])
  }

  @Test("VIDs that stand twice are looked up along the index, as there may be many of them")
  func alongTheIndex() throws {
    let plan = try site.snapshot.read {
      try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(ErasedSearch.byValue)", arguments: ["VID"])
        .map { $0["detail"] as String }
    }
    #expect(plan.first?.contains("USING INDEX") == true)
  }

  // MARK: With what a result brings

  private enum Begun: CaseIterable {
    case beforeItIsKept, afterwards, never
  }

  /// Ben's token is new. Ana's is another than before, so that she is frozen.
  private func judge(_ site: TokenSite) throws -> ResultJudgement {
    let answers = ResultAnswers()
    for (vid, token) in [("VID-ANA-5501", "TOKEN-OTHER"), ("VID-BEN-5502", "TOKEN-BEN")] {
      try Array(token.utf8).withUnsafeBufferPointer { answers.add(try site.mark(vid), token: $0) }
    }
    var places = SentPlaces()
    places.places = [
      SentPlaces.Place(entry: 0, registrant: 1, archive: 0, answered: 0),
      SentPlaces.Place(entry: 1, registrant: 2, archive: 0, answered: 0),
    ]
    places.archives = [SentPlaces.Archive(stream: "mts", sequence: 1)]
    let origin = ResultOrigin(
      digest: Digest(of: [1]), at: 1_700_000_000, isVerified: true, idType: site.types.uinToken)
    return try site.tokens.judge(answers, places, from: origin, site.hasher, registry: [])
  }

  @Test("A result that is judged anew comes to the same, and until it is kept anew, all stays")
  func judgedAnew() throws {
    try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")])
    let first = try judge(site)
    try site.tokens.keep(first)
    let second = try judge(site)
    #expect(!first.isAnew && second.isAnew && first.counts == second.counts)
    #expect(try site.tokens.frozen().map(\.registrant) == [1], "nobody thaws meanwhile")
    try site.tokens.keep(second)
    #expect(try site.tokens.frozen().map(\.registrant) == [1])
    #expect(try site.tokens.tokens(of: 2).map(\.token) == ["TOKEN-BEN"])
  }

  @Test("It puts in what one that is made afterwards does")
  func sameTokens() throws {
    for begun in Begun.allCases {
      let site = try TokenSite()
      try site.load(
        TokenSite.registry(
          ids: #"{"id": 12, "partner_id": 2, "id_type": 3, "value": "VID-BEN-5502", "status": ""}"#)
      )
      try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-ANA-5501")])
      try site.revision.bringUpToDate()
      let (snapshot, revision) = (try site.snapshot.summary, try site.tokens.revision)
      let judgement = try judge(site)
      #expect(judgement.counts.tokens == 1 && judgement.counts.conflicts == [.changedToken: 1])
      let mark = OverlayMark(tokens: revision + 1, erased: 0, types: site.types).text
      var ahead: RevisionAhead?
      if begun == .beforeItIsKept {
        ahead = RevisionAhead(site.revision, with: judgement, after: revision)
        #expect(ahead?.revised(of: snapshot, as: mark) != nil)
      }
      try site.tokens.keep(judgement)
      if begun == .afterwards {
        ahead = RevisionAhead(site.revision, with: judgement, after: revision)
        #expect(ahead?.revised(of: snapshot, as: mark) == nil)
      }
      #expect(try site.revision.bringUpToDate(with: ahead)?.tokens == 1)
      #expect(
        try rows(site).map { $0.drop { $0 != " " } } == [" 2 TOKEN-BEN ", " 2 VID-BEN-5502 "])
      #expect(site.files(holding: "TOKEN-ANA") == ["tokens.sqlite"])
    }
  }
}
