import Faults
import JSONText
import Testing

@testable import Language

/// Each key of a manifest: what it means, and what is told when it is wrong.
struct ManifestTermsTests {
  private static func decode(_ key: String, _ value: String) throws -> Manifest {
    try ManifestDecoder.decode(JSONDocument(parsing: JobSchemaTests.manifest(key, value)))
  }

  private static func time(_ text: String) -> UTCTime? { UTCTime(text: text) }

  @Test("A manifest that says nothing of it runs once, at once, by id, and waits for the MTS")
  func usual() throws {
    let manifest = try Self.decode("note", "\"x\"")
    #expect(manifest.schedule == .onetime)
    #expect(manifest.input == .registry)
    #expect(manifest.notBefore == nil && manifest.expires == nil)
    #expect(manifest.order.isEmpty)
    #expect(manifest.resend == ResendRule(kind: .pending, afterHours: 720))
    #expect(manifest.mts.outputFormat == nil)
  }

  @Test("A recurring job has an interval, and may have a start and an end")
  func recurring() throws {
    let manifest = try Self.decode(
      "schedule",
      """
      {"type": "recurring", "interval_minutes": 60, "start": "2026-11-22T10:00:00Z",
       "end": "2027-01-01T00:00:00Z"}
      """)
    let wanted = Recurrence(
      minutes: 60, start: Self.time("2026-11-22T10:00:00Z"), end: Self.time("2027-01-01T00:00:00Z"))
    #expect(manifest.schedule == .recurring(wanted))
  }

  @Test("A window of submission dates takes times and whole days, the last day included")
  func window() throws {
    let text = """
      {"airlock": "job", "version": 1, "name": "odk", "recipient": "mts", "everyone": true,
       "input": {"type": "odk", "from": "2026-11-22T10:00:00Z", "to": "2026-11-30"},
       "filter": [], "fields": ["demo.fname", "demo.dob"],
       "mts": {"mapping": {"vid": "ids.vid", "name": ["demo.fname", "demo.lname"], "gender": "demo.sex",
                           "dob": "demo.dob", "fullAddress": "home.address"}}}
      """
    let manifest = try ManifestDecoder.decode(JSONDocument(parsing: text))
    let window = SubmissionWindow(
      from: Self.time("2026-11-22T10:00:00Z"), to: Self.time("2026-12-01T00:00:00Z"))
    #expect(manifest.input == .odk(window))
    #expect(manifest.mts.mapping.vid?.path == ["ids", "vid"])
    #expect(manifest.mts.mapping[.name].map(\.path) == [["demo", "fname"], ["demo", "lname"]])
  }

  @Test("The keys of the MTS serve as names where the mapping for ODK says nothing; the VID too")
  func usualODK() throws {
    let text = """
      {"airlock": "job", "version": 1, "name": "odk", "recipient": "mts", "everyone": true,
       "input": {"type": "odk"}, "filter": [],
       "fields": ["vid", "name", "gender", "dob", "fullAddress"]}
      """
    let mapping = try ManifestDecoder.decode(JSONDocument(parsing: text)).mts.mapping
    #expect(mapping.vid?.name == "vid")
    #expect(mapping[.fullAddress].map(\.name) == ["fullAddress"])
  }

  @Test(
    "An order is Odoo's: direction, and where the unset come",
    arguments: [
      ("id", [("id", false, false)]),
      ("create_date desc, id", [("create_date", true, true), ("id", false, false)]),
      (" Name ASC nulls first ,id DESC NULLS LAST", [("name", false, true), ("id", true, false)]),
      ("\"name\" desc", [("name", true, true)]),
    ] as [(String, [(String, Bool, Bool)])])
  func order(text: String, terms: [(String, Bool, Bool)]) throws {
    let found = try Self.decode("order", JSON.string(text).line()).order
    #expect(found.map(\.field) == terms.map(\.0))
    #expect(found.map(\.isDescending) == terms.map(\.1))
    #expect(found.map(\.unsetFirst) == terms.map(\.2))
  }

  @Test(
    "What is no order is refused (fault 37)",
    arguments: [
      "", ",", "id,", "id desc asc", "id; drop table x", "id--", "a.b", "name collate nocase",
      "1+1",
      "\"a", "\"a\"\"b\"", "(id)", "id desc nulls", "random()", "naïve", "id\u{0}",
    ])
  func badOrder(text: String) {
    let fault = #expect(throws: FaultList.self) {
      try Self.decode("order", JSON.string(text).line())
    }
    #expect(fault?.code == "bad_order")
    #expect(fault?.place?.pointer == "/order")
  }

  @Test(
    "Contradictions are refused where they stand",
    arguments: [
      ("input", "{\"type\": \"registry\", \"to\": \"2026-01-01\"}", "/input/to"),
      ("schedule", "{\"start\": \"2026-01-01T00:00:00Z\"}", "/schedule/start"),
      ("resend", "{\"rule\": \"always\", \"after_hours\": 2}", "/resend/after_hours"),
      (
        "schedule",
        "{\"type\": \"recurring\", \"interval_minutes\": 1, \"start\": \"2026-01-01T00:00:00Z\", \"end\": \"2026-01-01T00:00:00Z\"}",
        "/schedule/end"
      ),
    ])
  func contradictions(key: String, value: String, pointer: String) {
    let fault = #expect(throws: FaultList.self) { try Self.decode(key, value) }
    #expect(fault?.code == "contradiction")
    #expect(fault?.place?.pointer == pointer)
  }

  @Test("A job cannot expire before it may begin")
  func expiresFirst() {
    let times = "\"2026-01-02T00:00:00Z\", \"expires\": \"2026-01-01T00:00:00Z\""
    let fault = #expect(throws: FaultList.self) { try Self.decode("not_before", times) }
    #expect(fault?.code == "contradiction")
    #expect(fault?.place?.pointer == "/expires")
  }

  @Test("To stop a job its name is enough; what stands beside it is passed over")
  func stop() throws {
    let head = "\"airlock\": \"job\", \"version\": 1, \"name\": \"vid\", \"stop\": true"
    for rest in ["", ", \"filter\": 7, \"mts\": {\"x\": 1}"] {
      let order = try ManifestDecoder.order(JSONDocument(parsing: "{\(head)\(rest)}"))
      guard case .stop("vid") = order else {
        Issue.record("this does not stop the job")
        continue
      }
    }
    let fault = #expect(throws: FaultList.self) {
      try ManifestDecoder.order(JSONDocument(parsing: "{\(head), \"nane\": 1}"))
    }
    #expect(fault?.code == "unknown_key")
  }

  @Test("A delivery that needs a network is refused with a hint")
  func delivery() {
    let fault = #expect(throws: FaultList.self) {
      try Self.decode("mts", "{\"delivery\": \"callback\"}")
    }
    #expect(fault?.code == "delivery_needs_network")
    #expect(fault?.hint?.contains("download") == true)
  }
}
