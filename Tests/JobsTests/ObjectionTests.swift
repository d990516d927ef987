import Faults
import Files
import Fixtures
import Glibc
import JSONText
import Language
import Policies
import Testing

@testable import Jobs

/// What stands against a job is told all at once, whoever objects.
struct ObjectionTests {
  private static let manifest = """
    {"airlock": "job", "version": 1, "name": "vid", "recipient": "mts",
     "filter": [["nme", "=", "x"], ["name", "==", 1], ["color", "=", "blue"]],
     "fields": ["given_name", "gender", "birthdate", "address", "bank", "frobnicate"],
     "order": "reg_ids, nonsense",
     "mts": {"output_format": "{vid: .output.vid"}}
    """

  private static func catalog() -> ModelCatalog {
    let text = ["given_name", "gender", "address", "name", "bank"].map {
      FieldDescription($0, .char)
    }
    return ModelCatalog([
      ModelDescription(
        "res.partner", origin: .builtIn,
        fields: text + [
          FieldDescription("birthdate", .date), FieldDescription("color", .integer),
          FieldDescription("reg_ids", .one2many, relation: "g2p.reg.id", inverse: "partner_id"),
        ])
    ])
  }

  private static func policy() throws -> SitePolicy {
    try SitePolicyDecoder.decode(
      Array(
        """
        {"airlock": "policy", "version": 1, "streams": {"mts": {"recipients": ["mts"],
         "fields": ["given_name", "gender", "birthdate", "address", "frobnicate"]}}}
        """.utf8))
  }

  @Test("The manifest's own faults, the policy's and the snapshot's are one list")
  func together() throws {
    var objections = JobObjections(ManifestDecoder.read(try JSONDocument(parsing: Self.manifest)))
    try objections.hold(against: Self.policy())
    objections.hold(against: Self.catalog())
    let list = #expect(throws: FaultList.self) { try objections.raise() }
    #expect(
      list?.all.map { "\($0.code) \($0.place?.pointer ?? "")" } == [
        "unknown_field /filter/0", "unknown_operator /filter/1/1", "wrong_value /filter/2",
        "field_not_allowed /fields/4", "unknown_field /fields/5", "field_has_no_order /order",
        "unknown_field /order", "bad_jq /mts/output_format",
      ])
    let reason = list.map { Verdict.Reason($0) }
    #expect(reason?.code == "unknown_field")
    #expect(reason?.all.count == 8)
  }

  @Test(
    "fault 33: fields outside the ceiling are each refused, selected or mapped; so is another stream"
  )
  func ceiling() throws {
    let text = Self.manifest.replacing("\"mts\",", with: "\"elsewhere\",")
    var objections = JobObjections(ManifestDecoder.read(try JSONDocument(parsing: text)))
    try objections.hold(against: Self.policy())
    #expect(objections.faults.contains { $0.code == "unknown_recipient" })
  }

  @Test("The expression for the MTS's result is passed on as it is")
  func outputFormat() throws {
    let text = """
      {"airlock": "job", "version": 1, "name": "vid", "recipient": "mts",
       "filter": [["id", "=", 1]], "fields": ["name", "gender", "birthdate", "address"],
       "mts": {"output": "csv", "output_format": "{\\"é\\": .output.vid}"}}
      """
    let manifest = try ManifestDecoder.decode(JSONDocument(parsing: text))
    let envelope = RequestEnvelope(manifest.mts, time: "2026-11-22T10:00:00.000Z")
    let body = try JSONDocument(parsing: envelope.prefix + envelope.suffix).root.json
    #expect(body["request"]?["outputFormat"] == "{\"é\": .output.vid}")
    #expect(body["request"]?["output"] == "csv")
  }
}

/// `check` on files that are no manifests to be read into memory.
struct CheckedFileTests {
  @Test("fault 26: a line of 1 GB is refused soon, and not held in memory")
  func longLine() throws {
    let folder = try TemporaryFolder()
    try folder.write("{\"airlock\": \"job\", \"version\": 1, \"note\": \"", as: "job.json")
    #expect(truncate(folder("job.json"), 1 << 30) == 0)
    let clock = ContinuousClock()
    let taken = clock.measure {
      #expect(throws: (any Error).self) {
        try DropCheck(site: nil).check(path: folder("job.json"))
      }
    }
    #expect(taken < .seconds(30))
  }

  @Test(
    "fault 32: a manifest that has expired is refused; one whose time is to come is told to wait")
  func times() throws {
    let folder = try TemporaryFolder()
    let head =
      "{\"airlock\": \"job\", \"version\": 1, \"name\": \"x\", \"recipient\": \"m\", \"filter\": [[\"id\", \"=\", 1]], \"fields\": [\"name\", \"gender\", \"birthdate\", \"address\"]"
    try folder.write("\(head), \"expires\": \"2026-11-22T10:00:00Z\"}", as: "old.json")
    try folder.write("\(head), \"not_before\": \"2026-11-22T10:00:02Z\"}", as: "new.json")
    let seconds = try #require(UTCTime(text: "2026-11-22T10:00:00Z")).seconds
    let check = DropCheck(site: nil, clock: WallClock { seconds * 1000 })
    let fault = #expect(throws: JobFault.self) { try check.check(path: folder("old.json")) }
    #expect(fault?.code == "expired")
    #expect(try check.check(path: folder("new.json")).warnings.map(\.code) == ["not_yet"])
  }

  @Test("A manifest that stops a job is sound with its name alone")
  func stop() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "{\"airlock\": \"job\", \"version\": 1, \"name\": \"x\", \"stop\": true}", as: "stop.json")
    #expect(try DropCheck(site: nil).check(path: folder("stop.json")).kind == "job")
  }
}
