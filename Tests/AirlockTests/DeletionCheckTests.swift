import Fixtures
import JSONText
import Testing

/// VID-deletion policies at the command line, over a real export.
struct DeletionCheckTests {
  private let site: TestSite

  init() throws { site = try TestSite(snapshot: "extract") }

  private func check(_ path: String) throws -> (status: Int32, finding: JSON) {
    let result = try TestSite.airlock(["check", path, "--root", site.root, "--json"])
    return (result.status, try JSONDocument(parsing: result.output).root.json)
  }

  @Test("The example of the documents is sound over the real export")
  func example() throws {
    let (status, finding) = try check(Fixture.package + "/docs/examples/vid-deletion.json")
    #expect(status == 0)
    #expect(finding["kind"] == "vid-deletion")
    let facts = finding["facts"]?.elements?.compactMap(\.text) ?? []
    #expect(facts.first == "602 registrants are picked by the domain")
    #expect(facts.last == "on: every 5 minutes")
    #expect(finding["warnings"]?.elements?.isEmpty == true)
  }

  @Test("fault 86: a type that is not there, and a field, are told with place and what was meant")
  func unknown() throws {
    try site.folder.write(
      """
      {"airlock": "vid-deletion", "version": 1,
       "domain": [["is_registrants", "=", true]],
       "vid_id_type": "MOSIP VDI"}
      """, as: "vid.json")
    let (status, finding) = try check(site.folder("vid.json"))
    #expect(status == 1)
    let faults = finding["faults"]?.elements ?? []
    #expect(faults.compactMap { $0["code"]?.text } == ["unknown_field", "unknown_id_type"])
    #expect(faults.last?["where"]?["line"] == 3)
    #expect(faults.last?["where"]?["pointer"] == "/vid_id_type")
    #expect(faults.last?["hint"] == "did you mean \"MOSIP VID\"?")
  }

  @Test("Policies are not to be dropped: the hint says where they belong")
  func dropped() throws {
    try site.drop(
      "{\"airlock\": \"vid-deletion\", \"version\": 1, \"domain\": []}", as: "vid.json")
    try site.drop("{\"airlock\": \"policy\", \"version\": 1, \"streams\": {}}", as: "p.json")
    _ = try site.run()
    for (name, place) in [("vid.json", "policies/NAME.json"), ("p.json", "policies/site.json")] {
      let reason = try site.verdict(name)["reason"]
      #expect(reason?["code"] == "not_a_drop")
      #expect(reason?["hint"]?.text?.contains(place) == true)
    }
  }

  @Test(
    "A policy that names a stream for the registry's patches is told, with whose card is missing")
  func registryPatches() throws {
    try site.policy(("registry_patch", ["stream": "registry", "recipients": ["odoo"]]))
    let (status, finding) = try check(site.root + "/policies/site.json")
    #expect(status == 0)
    let facts = finding["facts"]?.elements?.compactMap(\.text) ?? []
    #expect(facts.contains("stream registry: patches for the registry, to odoo"))
    #expect(finding["warnings"]?.elements?.first?["code"] == "card_unknown")
  }
}
