import Fixtures
import Foundation
import Language
import Testing

@testable import Store

/// Every domain that a real Odoo 17 with the real OpenG2P modules was asked, over the same registry.
struct ConformanceTests {
  @Test("Odoo 17's answers over its lossless extract are ours, to the last id")
  func lossless() throws {
    let tally = try Self.ask(over: "extract")
    #expect(tally.asked == 4_576)
    #expect(tally.wrongIDs.isEmpty, "other ids than Odoo's: \(tally.wrongIDs)")
    #expect(tally.accepted.isEmpty, "Odoo refuses these: \(tally.accepted)")
    #expect(tally.reasons == [.computed: 7, .backslash: 3, nil: 2], "refused by us alone")
    #expect(tally.names(nil) == ["malformed-135", "malformed-140"], "behind a foregone answer")
  }

  @Test("So are those over a registry with other modules, models made by hand and companies")
  func second() throws {
    let store = try TemporaryStore.second()
    defer { withExtendedLifetime(store) {} }
    let snapshot = try SnapshotStore.open(store.store)
    var reasons: [Departure?: Int] = [:]
    var asked = 0
    for name in ["domains", "domains_models", "domains_probe"] {
      let file = Fixture.path("\(name).ndjson.gz", of: "odoo17b")
      let tally = try Conformance(Tool.run("gzip", ["-dc", file]).output, over: snapshot)
      asked += tally.asked
      #expect(tally.wrongIDs.isEmpty, "other ids than Odoo's: \(tally.wrongIDs)")
      #expect(tally.accepted.isEmpty, "Odoo refuses these: \(tally.accepted)")
      reasons.merge(tally.reasons, uniquingKeysWith: +)
    }
    #expect(asked == 2_777)
    #expect(reasons == [.computed: 42, .absent: 16, .backslash: 2, nil: 1], "refused by us alone")
  }

  @Test("Over search_read, only what its form has lost is answered otherwise")
  func lossy() throws {
    let tally = try Self.ask(over: "search_read")
    let unexplained = tally.wrongIDs.filter { !Self.asksWhatIsLost(tally.domains[$0] ?? "") }
    #expect(tally.asked == 4_576)
    #expect(unexplained.isEmpty, "differ without a known cause: \(unexplained)")
    #expect(tally.wrongIDs.count == Self.differing, "more or fewer differ than are known")
    #expect(tally.accepted.isEmpty)
  }

  /// How many of the domains `search_read` cannot answer.
  static let differing = 278

  /// What `search_read` does not tell apart, by cause, and the fields that it concerns.
  static let lost: [(cause: String, fields: [String])] = [
    (
      "an unset number reads as 0", ["color", "income", "partner_gid", "z_ind_grp_num_individuals"]
    ),
    (
      "an unset boolean reads as false",
      ["is_group", "is_registrant", "birthdate_not_exact", "active"]
    ),
    ("microseconds are cut", ["create_date", "write_date", "disabled"]),
    ("links to archived records are left out of many2many lists", ["tags_ids", "category_id"]),
  ]

  static func asksWhatIsLost(_ domain: String) -> Bool {
    lost.contains { $0.fields.contains { domain.contains("\"\($0)") || domain.contains(".\($0)") } }
  }

  static func ask(over form: String) throws -> Conformance {
    let store = try TemporaryStore(loading: form)
    defer { withExtendedLifetime(store) {} }
    return try Conformance(
      String(contentsOfFile: Fixture.path("domains.ndjson"), encoding: .utf8),
      over: SnapshotStore.open(store.store))
  }
}
