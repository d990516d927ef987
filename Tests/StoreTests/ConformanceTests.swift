import Files
import Fixtures
import Foundation
import JSONText
import Language
import Snapshots
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
    #expect(tally.refused == Self.departures, "refused by us, and not by Odoo")
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

  /// Where we refuse and Odoo answers: see `Departures`.
  static let departures: Set<String> = [
    // A field that cannot be searched picks everyone.
    "malformed-014", "malformed-015", "malformed-018", "malformed-019", "malformed-020",
    "malformed-021", "malformed-027",
    // Something wrong behind a foregone answer.
    "malformed-135", "malformed-140",
    // Look-up by name in g2p.reg.id or g2p.group.membership.
    "hierarchy-110", "hierarchy-121", "hierarchy-123", "hierarchy-323", "hierarchy-335",
    "random-015", "random-255", "random-383",
    // A pattern that ends in a single backslash: refused or empty, as the query plan has it.
    "like-064", "random-160",
  ]

  /// How many of the domains `search_read` cannot answer.
  static let differing = 277

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

  struct Tally {
    var asked = 0
    var wrongIDs: [String] = []
    var accepted: [String] = []
    var refused: Set<String> = []
    var domains: [String: String] = [:]
  }

  static func ask(over form: String) throws -> Tally {
    let store = try TemporaryStore(loading: form)
    defer { withExtendedLifetime(store) {} }
    let snapshot = try SnapshotStore.open(store.store)
    var tally = Tally()
    let cases = try String(contentsOfFile: Fixture.path("domains.ndjson"), encoding: .utf8)
    for line in cases.split(separator: "\n") { try ask(line, snapshot, &tally) }
    return tally
  }

  private static func ask(
    _ line: Substring, _ snapshot: SnapshotStore, _ tally: inout Tally
  ) throws {
    let wanted = try JSONDocument(parsing: String(line))
    let json = wanted.root.json
    let name = try #require(json["name"]?.text)
    let domain = try #require(json["domain"])
    tally.asked += 1
    tally.domains[name] = domain.line()
    do {
      let search = try RegistrySearch(
        JSONDocument(parsing: domain.line()), model: "res.partner",
        activeTest: json["active_test"] == true, over: snapshot)
      var ids: [Int64] = []
      try search.forEachID { ids.append($0) }
      guard let expected = json["ids"]?.text else { return tally.accepted.append(name) }
      if ids != expand(expected) { tally.wrongIDs.append(name) }
    } catch is DomainFault {
      if json["refused"] == nil { tally.refused.insert(name) }
    }
  }

  /// `1-3,9` is 1, 2, 3, 9.
  private static func expand(_ ranges: String) -> [Int64] {
    ranges.split(separator: ",").flatMap { range in
      let ends = range.split(separator: "-").compactMap { Int64($0) }
      return ends.count == 2 ? Array(ends[0]...ends[1]) : ends
    }
  }
}
