import Snapshots
import Testing

@testable import Store

/// What proves whose a token is, before the registry is asked to take it.
struct PatchFactsTests {
  private let site: TokenSite

  init() throws { site = try TokenSite() }

  /// How the person is known, and what proves it, in words.
  private func grounds(_ registrant: Int64, _ vid: String) throws -> String {
    let (mark, hasher) = (try site.mark(vid), try site.hasher)
    let found = try PatchFacts.reading(site.snapshot, hasher) {
      try $0.grounds(of: registrant, mark, type: site.types.uinToken)
    }
    guard let found else { return "nothing" }
    let who = found.person.external.map { String(decoding: $0, as: UTF8.self) } ?? "\(registrant)"
    let blank = found.person.blankRow.map { " fills \($0)" } ?? ""
    let value = String(decoding: found.proof.value, as: UTF8.self)
    return "\(who) holds \(found.proof.type) \(value)\(blank)"
  }

  @Test("fault 110: a token goes to who holds the VID that it answers, and to nobody else")
  func holds() throws {
    #expect(try grounds(1, "VID-ANA-5501") == "1 holds MOSIP VID VID-ANA-5501")
    #expect(try grounds(2, "VID-ANA-5501") == "nothing", "the number is Ben's")
    #expect(try grounds(3, "VID-ANA-5501") == "nothing", "Cem has no VID")
    #expect(try grounds(9, "VID-ANA-5501") == "nothing", "nobody has that number")
  }

  @Test("fault 112: a row of the type without a value is to be filled")
  func blank() throws {
    for value in ["null", "\"\"", "\" \\u00a0\"", "false"] {
      try site.load(
        TokenSite.registry(
          ids: """
            {"id": 11, "partner_id": 1, "id_type": 3, "value": "VID-ANA-5501"}
            {"id": 90, "partner_id": 1, "id_type": 7, "value": \(value)}
            """, types: #"{"id": 7, "name": "MOSIP UIN TOKEN"}"#))
      #expect(
        try grounds(1, "VID-ANA-5501") == "1 holds MOSIP VID VID-ANA-5501 fills 90", "\(value)")
    }
  }

  @Test("fault 110: people without a database id are named by the external id")
  func external() throws {
    try site.loadText(
      """
      "id","name","reg_ids/id_type","reg_ids/value"
      "__export__.res_partner_2_9ed14cf5","Ana","MOSIP VID","VID-ANA-5501"
      "x.cem","Cem","",""

      """)
    let (ana, cem) = (
      ExternalID.number("__export__.res_partner_2_9ed14cf5"), ExternalID.number("x.cem")
    )
    let name = "__export__.res_partner_2_9ed14cf5"
    #expect(try grounds(ana, "VID-ANA-5501") == "\(name) holds MOSIP VID VID-ANA-5501")
    #expect(try grounds(cem, "VID-CEM") == "nothing", "an external id alone proves nothing")
    #expect(try grounds(ana, "VID-CEM") == "nothing", "the external id is another's by now")
    #expect(try grounds(2, "VID-ANA-5501") == "nothing")
    #expect(try grounds(ExternalID.number("x.ben"), "VID-BEN-5502") == "nothing")
  }

  @Test("A token that nothing proves waits, and is asked for as soon as a snapshot proves it")
  func waits() throws {
    try site.tokens.keep([site.token(1, "TOKEN-ANA", vid: "VID-OLD")])
    func asked() throws -> Int {
      var count = 0
      try site.tokens.forEachTokenToAdd { _, _, _, _ in count += 1 }
      return count
    }
    let item = PatchItem(number: 1, registrant: 2, regID: nil, vid: try site.mark("VID-BEN-5502"))
    try site.tokens.change {
      try TokenStore.note([item], of: "registry", 1, isAll: false, in: $0)
    }
    #expect(try asked() == 1)
    try site.tokens.change { try TokenStore.note([item], of: "registry", 2, in: $0) }
    #expect(try asked() == 0)
  }
}
