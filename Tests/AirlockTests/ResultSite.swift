import Fixtures
import Foundation
import JSONText
import Testing

/// A site that has sent the VIDs of four people to the MTS, and the MTS side with its keys.
struct ResultSite {
  let site: TestSite
  /// Of registrants 1 to 4.
  private let own: [String]

  /// VID `V1` is registrant 1's, and so on.
  static let vids = ["V1", "V2", "V3", "V4"]

  /// - Parameter trust: what the policy says of results.
  init(
    trust: JSON = ["signature": "optional", "signers": ["mts"]], vids: [String] = ResultSite.vids
  ) throws {
    own = vids
    site = try TestSite()
    try site.policy(("trust", ["result": trust]))
    try loadRegistry()
    try send()
  }

  init(copying other: ResultSite) throws {
    own = other.own
    site = try TestSite(copying: other.site)
  }

  /// - Parameter ids: the reg ids of a registrant, in place of the VID and a token.
  func loadRegistry(
    tokens: [Int: String] = [:], ids: [Int: String] = [:], note: String = ""
  ) throws {
    let records = (1...4).map { id in
      let rows =
        ids[id] ?? tokens[id].map { token(id, $0, status: nil) }
        ?? #"{"id": \#(id), "id_type": [1, "MOSIP VID"], "value": "\#(self.own[id - 1])"}"#
      return
        #"{"id": \#(id), "is_registrant": true, "active": true, "given_name": "A\#(note)", "family_name": "B", "gender": "male", "birthdate": "1990-01-01", "address": "S", "phone": false, "email": false, "reg_ids": [\#(rows)]}"#
    }
    try site.drop("[\(records.joined(separator: ","))]", as: "s\(note).json")
    try #require(site.run().status == 0)
  }

  /// A registrant's VID with a token beside it.
  func token(_ id: Int, _ token: String, status: String?) -> String {
    let status = status.map { #", "status": "\#($0)""# } ?? ""
    return
      #"{"id": \#(id), "id_type": [1, "MOSIP VID"], "value": "V\#(id)"}, {"id": \#(id + 50), "id_type": [2, "MOSIP UIN TOKEN"], "value": "\#(token)"\#(status)}"#
  }

  /// Runs a job over all; gives how many were sent.
  @discardableResult
  func send(note: String = "1", after seconds: Int = 60) throws -> Int64? {
    try site.drop(
      jobs: [
        ("filter", [["is_registrant", "=", true]]), ("note", .string(note)),
        ("resend", ["rule": "pending", "after_hours": 24]),
      ], as: "job\(note)")
    try #require(site.run(after: seconds).status == 0)
    return try site.verdict("job\(note)")["job"]?["sent"]?.integer
  }

  static func row(
    _ vid: String?, _ token: String?, status: String = "processed", code: String? = nil
  ) -> JSON {
    func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
    return [
      "vid": text(vid), "token": text(token), "status": .string(status),
      "errorCode": text(code), "errorMessage": .null,
    ]
  }

  /// Drops rows as the MTS writes them, and takes them in.
  @discardableResult
  func take(_ rows: [JSON], as name: String = "r.json") throws -> JSON {
    try site.drop(JSON.array(rows).line(), as: name)
    _ = try site.run()
    return try site.verdict(name)
  }

  func count(_ verdict: JSON, _ path: String...) -> Int64? {
    path.reduce(verdict["result"]) { $0?[$1] }?.integer
  }

  /// Who has a token, as a filter sees it.
  func tokens() throws -> String {
    try site.ok(
      "search", #"[["reg_ids.id_type.name", "=", "MOSIP UIN TOKEN"]]"#, "--root", site.root
    ).split(separator: "\n").joined(separator: " ")
  }

  var status: JSON {
    get throws {
      try JSONDocument(parsing: site.ok("status", "--root", site.root, "--json")).root.json
    }
  }

  var answers: JSON? { get throws { try status["answers"]?.elements?.first } }

  /// The request as the MTS side collected it.
  var request: String { "\(site.root)/outbox/mts/\(site.archives.first ?? "?")" }

  /// Seals rows on the MTS side, and drops the archive.
  func dropSealed(
    _ text: String, answering request: String? = nil, by sender: String = "mts"
  ) throws -> String {
    try site.folder.write(text, as: "result")
    let said = try site.ok(
      "seal", site.folder("result"), "--kind", "results", "--answers", request ?? self.request,
      "--to", site.folder("registry/keys/registry.card.json"), "--identity",
      site.folder("\(sender)/identity.json"), "--into", site.root + "/inbox", "--json")
    let path = try #require(JSONDocument(parsing: said).root.json["file"]?.text)
    return try String(#require(path.split(separator: "/").last))
  }
}
