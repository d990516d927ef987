import Faults
import Files
import Fixtures
import Foundation
import JSONText
import Policies
import Snapshots
import Store
import Testing

@testable import Jobs
@testable import Language

/// A job over submissions of a form.
struct ODKJobTests {
  private static func manifest(
    vid: String?, from: String? = nil, to: String? = nil, fields: String = #"["demo.fname"]"#
  ) throws -> Manifest {
    let document = try JSONDocument(
      parsing:
        #"{"vid": "\#(vid ?? "")", "filter": [["demo.fname", "!=", false]], "fields": \#(fields)}"#)
    var root = try JSONCursor(document).object()
    let (vidPlace, filter) = (try root.required("vid"), try root.required("filter"))
    let named = try root.required("fields").array().map {
      ManifestField(name: try $0.string(), place: $0)
    }
    var mapping = Mapping(sources: [.name: named])
    mapping.vid = vid.map { ManifestField(name: $0, place: vidPlace) }
    let window = SubmissionWindow(
      from: from.flatMap(UTCTime.init(text:)), to: to.flatMap(UTCTime.init(text:)))
    return Manifest(
      name: "form", recipient: "mts", input: .odk(window), schedule: .onetime, notBefore: nil,
      expires: nil, filter: try DomainParser().parse(filter), filterPlace: filter, everyone: false,
      activeTest: true, acceptLoss: [], fields: named, order: [], limit: nil, resend: .usual,
      mts: MTSOptions(
        mapping: mapping, output: .json, outputFormat: nil, lang: "eng", batchSize: 1000))
  }

  private static func plan(_ manifest: Manifest, allowed: [String]) throws -> [Int64] {
    let folder = try TemporaryFolder()
    let store = try Folder(path: folder.path)
    let path = Fixture.package + "/Tests/Fixtures/odk/submissions.json"
    try ODKLoader(into: store).load(
      .path(path, rules: .named(limit: .max)), now: Date(timeIntervalSince1970: 0)
    ).commit()
    var policy = SitePolicy()
    policy.streams["mts"] = .init(recipients: ["mts"], fields: allowed)
    let snapshot = try SnapshotStore.open(store, manifest.input.store)
    let plan = try JobPlan(manifest, policy: policy, over: snapshot)
    var ids: [Int64] = []
    let shared = try #require(try plan.sharedVIDs?.value())
    try snapshot.read { database in
      try plan.selection.forEach(in: database, catalog: snapshot.catalog) { row in
        if let vid = row.vid, !shared.contains(vid) {
          ids.append(row.id)
        } else {
          ids.append(-row.id)
        }
        return true
      }
    }
    return ids
  }

  @Test(
    "The window of submission dates is from the first moment to before the last",
    arguments: [
      (nil, nil, [-1, 2, -3, -4]), ("2026-11-20T00:00:00Z", nil, [-3, -4]),
      (nil, "2026-11-20T00:00:00Z", [-1, 2]),
      ("2026-11-19T23:59:59Z", "2026-11-20T00:00:01Z", [2, -3]),
    ] as [(String?, String?, [Int64])])
  func window(from: String?, to: String?, ids: [Int64]) throws {
    let manifest = try Self.manifest(vid: "demo.vid", from: from, to: to)
    #expect(try Self.plan(manifest, allowed: ["demo.fname", "demo.vid"]) == ids)
  }

  @Test("The VID must be mapped, allowed to leave, and in the form")
  func vid() throws {
    let rows: [(vid: String?, allowed: [String], code: String)] = [
      (nil, ["demo.fname"], "vid_not_mapped"), ("demo.vid", ["demo.fname"], "field_not_allowed"),
      ("demo.uin", ["demo.fname", "demo.uin"], "unknown_field"),
      ("demo.children.age", ["demo.fname", "demo.children.age"], "field_is_no_link"),
    ]
    for row in rows {
      do {
        _ = try Self.plan(Self.manifest(vid: row.vid), allowed: row.allowed)
        Issue.record("\(row.code) was not seen")
      } catch let fault as any Fault {
        #expect(fault.code == row.code, "\(fault.message)")
      }
    }
  }

  @Test("A field over groups is under the policy's ceiling by its whole path")
  func ceiling() throws {
    let manifest = try Self.manifest(vid: "demo.vid", fields: #"["demo.fname", "demo.lname"]"#)
    #expect(throws: PolicyFault.self) {
      try Self.plan(manifest, allowed: ["demo.fname", "demo.vid", "lname", "demo"])
    }
  }
}
