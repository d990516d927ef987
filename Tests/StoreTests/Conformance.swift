import Fixtures
import Foundation
import JSONText
import Language
import Testing

@testable import Store

/// Domains that a real Odoo was asked, with its answers, asked of a snapshot.
struct Conformance {
  private(set) var asked = 0
  /// Cases with other ids than Odoo's.
  private(set) var wrongIDs: [String] = []
  /// Cases that Odoo refuses.
  private(set) var accepted: [String] = []
  /// Cases that we refuse and Odoo does not, by the reason that our refusal gives.
  private(set) var refused: [String: Departure?] = [:]
  /// As they were written.
  private(set) var domains: [String: String] = [:]

  /// - Parameter cases: one JSON object a line.
  init(_ cases: String, over snapshot: SnapshotStore) throws {
    for line in cases.split(separator: "\n") { try ask(line, snapshot) }
  }

  /// How often each reason was given for what Odoo answers; nil is no reason of ours.
  var reasons: [Departure?: Int] { refused.values.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

  /// The names of the cases for which a reason was given.
  func names(_ reason: Departure?) -> [String] {
    refused.filter { $0.value == reason }.keys.sorted()
  }

  private mutating func ask(_ line: Substring, _ snapshot: SnapshotStore) throws {
    let json = try JSONDocument(parsing: String(line)).root.json
    let name = try #require(json["name"]?.text)
    let domain = try #require(json["domain"])
    asked += 1
    domains[name] = domain.line()
    do {
      let search = try RegistrySearch(
        JSONDocument(parsing: domain.line()), model: json["model"]?.text ?? "res.partner",
        activeTest: json["active_test"] == true, over: snapshot)
      var ids: [Int64] = []
      try search.forEachID { ids.append($0) }
      guard let expected = json["ids"]?.text else { return accepted.append(name) }
      if ids != Self.expand(expected) { wrongIDs.append(name) }
    } catch let fault as DomainFault {
      if json["refused"] == nil { refused[name] = .some(fault.departure) }
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
