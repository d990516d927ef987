import Fixtures
import Foundation
import JSONText
import Testing

/// The main job, end to end, over the real registry.
struct MainJobTests {
  @Test("Every matching registrant is sent or left out with a reason, each with its own VID")
  func everyoneOnce() throws {
    let site = try TestSite(snapshot: "extract")
    try site.drop(
      job: ("mts", ["batch_size": 50, "mapping": ["name": ["given_name", "family_name"]]]))
    #expect(try site.run().status == 0)
    let opened = try site.open()
    let (records, rejects) = (try Self.records(site, opened), try Self.rejects(site, opened))
    let registry = try Registry()
    #expect(records.count + rejects.count == 579, "as many as Odoo's own default domain picks")
    #expect(records.map(\.id) == records.map(\.id).sorted(), "in ascending id")
    #expect(Set(records.map(\.id)).isDisjoint(with: rejects.keys))
    for record in records {
      #expect(record.json["vid"]?.text == registry.vid[record.id], "registrant \(record.id)")
      #expect(record.json["dob"]?.text == registry.birthdate[record.id])
    }
    for (id, reason) in rejects where registry.vid[id] == nil { #expect(reason == "no_vid") }
    for (id, reason) in rejects where reason == "no_vid" { #expect(registry.vid[id] == nil) }
    let report = try site.verdict("job.json")["job"]
    #expect(report?["sent"]?.integer == Int64(records.count))
    #expect(report?["matched"]?.integer == 579)
  }

  @Test("Each request is a body that the real MTS accepts")
  func contract() throws {
    let site = try TestSite(snapshot: "search_read")
    try site.drop(job: ("mts", ["batch_size": 7]))
    #expect(try site.run().status == 0)
    let opened = try site.open()
    let files = site.folder.names("\(opened)/requests")
    #expect(files.first == "000001.json")
    var sizes: [Int] = []
    for file in files {
      let body = try JSONDocument(parsing: site.folder.read("\(opened)/requests/\(file)")).root.json
      sizes.append(try Self.requireAcceptable(body))
    }
    #expect(sizes.dropLast().allSatisfy { $0 == 7 })
    #expect(sizes.count > 10)
  }

  @Test("A limit takes the first by id that can be sent, and nothing is capped without one")
  func limit() throws {
    let site = try TestSite(snapshot: "extract")
    try site.drop(job: ("limit", 10))
    #expect(try site.run().status == 0)
    #expect(try site.verdict("job.json")["job"]?["sent"]?.integer == 10)
  }

  @Test("The stock minisign verifies what we sign, and the MTS side's key alone opens it")
  func stockMinisign() throws {
    let site = try TestSite(snapshot: "extract")
    try site.drop(job: ("limit", 50))
    #expect(try site.run().status == 0)
    let archive = "\(site.root)/outbox/mts/\(try #require(site.archives.first))"
    let stock = try Tool.run(
      "minisign", ["-Vm", archive, "-p", "\(site.root)/keys/registry.minisign.pub"])
    #expect(stock.status == 0)
    #expect(stock.output.contains("stream=mts seq=1"))
    let stranger = try TestSite.airlock([
      "open", archive, "--into", site.folder("x"), "--identity", "\(site.root)/keys/identity.json",
    ])
    #expect(stranger.status == 3)
    #expect(!site.folder.names().contains("x"))
  }

  /// The short rule of `mts/CONTRACT.md`, section 1. Gives the number of records.
  private static func requireAcceptable(_ body: JSON) throws -> Int {
    for key in ["id", "version", "metadata"] { #expect(body[key]?.text != nil) }
    let time = try #require(body["requesttime"]?.text)
    #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    let request = try #require(body["request"])
    #expect(["json", "csv"].contains(request["output"]?.text))
    #expect(request["deliverytype"] == "download")
    #expect(request["mapping"]?["name"] == ["name"])
    #expect(request["mapping"]?["vid"] == "vid")
    let records = try #require(request["authdata"]?.elements)
    #expect(!records.isEmpty)
    for record in records {
      guard case .object(let members) = record else { throw CocoaError(.coderInvalidValue) }
      #expect(members.allSatisfy { $0.value.text?.isEmpty == false }, "only non-empty text")
      #expect(
        Set(members.map(\.key)).isSuperset(of: ["vid", "name", "gender", "dob", "fullAddress"]))
    }
    return records.count
  }

  private static func records(_ site: TestSite, _ opened: String) throws -> [(
    id: Int64, json: JSON
  )] {
    try site.folder.names("\(opened)/requests").flatMap { file in
      let body = try JSONDocument(parsing: site.folder.read("\(opened)/requests/\(file)")).root.json
      return (body["request"]?["authdata"]?.elements ?? []).map { record in
        (Int64(record["id"]?.text ?? "") ?? -1, record)
      }
    }
  }

  private static func rejects(_ site: TestSite, _ opened: String) throws -> [Int64: String] {
    let lines = try site.folder.read("\(opened)/rejects.ndjson").split(separator: "\n")
    return try lines.reduce(into: [:]) { rejects, line in
      let json = try JSONDocument(parsing: String(line)).root.json
      rejects[json["id"]?.integer ?? -1] = json["reason"]?.text
    }
  }
}

/// What the export says, read without our program.
private struct Registry {
  /// The value of the newest VID row that is not blank.
  private(set) var vid: [Int64: String] = [:]
  /// As the MTS wants it.
  private(set) var birthdate: [Int64: String] = [:]

  init() throws {
    for row in try Self.rows("g2p.reg.id") where row["id_type"] as? Int == 1 {
      guard let owner = row["partner_id"] as? Int64, let value = row["value"] as? String,
        !value.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty
      else { continue }
      vid[owner] = value
    }
    for row in try Self.rows("res.partner") {
      guard let id = row["id"] as? Int64, let date = row["birthdate"] as? String else { continue }
      birthdate[id] = date.replacingOccurrences(of: "-", with: "/")
    }
  }

  /// In ascending id, so that a later row is a newer one.
  private static func rows(_ model: String) throws -> [[String: Any]] {
    let text = try String(contentsOfFile: Fixture.path("extract/\(model).ndjson"), encoding: .utf8)
    let rows = try text.split(separator: "\n").map { line in
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    }
    return rows.sorted { ($0["id"] as? Int ?? 0) < ($1["id"] as? Int ?? 0) }
  }
}
