import Fixtures
import Foundation
import JSONText
import Testing

/// A site whose MTS has answered, with a VID-deletion policy and a registry that is told.
struct PruneSite {
  let results: ResultSite
  var site: TestSite { results.site }
  var root: String { site.root }

  /// Sealed results came for registrants 1 to 3; 4 was refused.
  /// - Parameter vids: of registrants 1 to 4.
  init(vids: [String] = ResultSite.vids) throws {
    results = try ResultSite(vids: vids)
    try site.ok("keys", "new", "ministry", "--keys", site.folder("ministry"))
    try site.ok("keys", "add", site.folder("ministry/ministry.card.json"), "--root", root)
    try site.ok(
      "keys", "add", site.folder("registry/keys/registry.card.json"), "--keys",
      site.folder("ministry"))
    try site.policy(
      ("trust", ["result": ["signature": "optional", "signers": ["mts"]]]),
      ("registry_patch", ["stream": "registry", "recipients": ["ministry"]]))
    let rows = (1...3).map { ResultSite.row(vids[$0 - 1], "T\($0)") }
    _ = try results.dropSealed(
      JSON.array(rows + [ResultSite.row(vids[3], nil, status: "error", code: "IDA-MLC-009")]).line()
    )
    try #require(site.run().status == 0)
  }

  init(copying other: PruneSite) throws { results = try ResultSite(copying: other.results) }

  static let domain: JSON = [
    ["reg_ids.id_type.name", "=", "MOSIP VID"], ["reg_ids.id_type.name", "=", "MOSIP UIN TOKEN"],
  ]

  func policy(_ members: (String, JSON)..., as name: String = "vids") throws {
    var all: [(String, JSON)] = [
      ("airlock", "vid-deletion"), ("version", 1), ("domain", Self.domain),
      ("at_most", ["percent": 100]),
    ]
    for member in members {
      all.removeAll { $0.0 == member.0 }
      all.append(member)
    }
    try site.folder.write(
      JSON.object(all.map { JSON.Member($0.0, $0.1) }).pretty(),
      as: "registry/policies/\(name).json")
  }

  @discardableResult
  func prune(_ arguments: String..., environment: [String: String] = [:]) throws -> Tool.Result {
    try TestSite.airlock(["prune", "--root", root] + arguments, environment: environment)
  }

  /// What a dry run lists: registrant and row, one policy after another.
  func list(_ arguments: String...) throws -> [String] {
    let result = try TestSite.airlock(["prune", "--root", root, "--dry-run", "--json"] + arguments)
    let previews = try JSONDocument(parsing: result.output).root.json.elements ?? []
    return previews.flatMap { $0["items"]?.elements ?? [] }.map {
      "\($0["registrant"]?.integer ?? 0)/\($0["reg_id"]?.integer ?? 0)"
    }
  }

  func leftOut(_ reason: String) throws -> Int64? {
    let result = try TestSite.airlock(["prune", "--root", root, "--dry-run", "--json"])
    let preview = try JSONDocument(parsing: result.output).root.json.elements?.first
    return preview?["left_out"]?[reason]?.integer
  }

  /// Whose VID a filter still sees.
  func holders() throws -> String {
    try site.ok(
      "search", #"[["reg_ids.id_type.name", "=", "MOSIP VID"]]"#, "--root", root
    ).split(separator: "\n").joined(separator: " ")
  }

  /// What the store remembers as erased: registrant and row.
  func erased() throws -> [String] {
    try Tool.run(
      "sqlite3",
      [root + "/store/tokens.sqlite", "SELECT registrant || '/' || reg_id FROM erased ORDER BY 1"]
    ).output.split(separator: "\n").map(String.init)
  }

  func verdicts(_ ending: String) throws -> [JSON] {
    try site.folder.names("registry/inbox/accepted").filter { $0.hasSuffix(ending) }.sorted()
      .map {
        try JSONDocument(parsing: site.folder.read("registry/inbox/accepted/\($0)")).root.json
      }
  }
}
