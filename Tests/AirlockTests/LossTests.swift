import Fixtures
import Foundation
import JSONText
import Testing

/// What a snapshot cannot know: jobs are refused, and searches warn, or are refused where people too
/// many may be picked.
struct LossTests {
  private static func leaf(_ field: String, _ operation: String, _ value: JSON) -> JSON {
    .array([.string(field), .string(operation), value])
  }

  private static let registrant = leaf("is_registrant", "=", true)

  private func verdict(_ site: TestSite, _ changes: (String, JSON)...) throws -> JSON {
    try site.drop(jobs: changes)
    _ = try site.run()
    return try site.verdict("job.json")
  }

  private func search(_ site: TestSite, _ domain: String) throws -> Tool.Result {
    try TestSite.airlock(["search", domain, "--count", "--root", site.root])
  }

  // MARK: Lossy fields

  @Test(
    "fault 42: a job on a field of which the export has lost something needs the operator's word")
  func loss() throws {
    let site = try TestSite(snapshot: "search_read")
    let filter = JSON.array([Self.registrant, Self.leaf("income", "<", 100)])
    let refused = try verdict(site, ("filter", filter))
    #expect(refused["outcome"]?.text == "rejected")
    #expect(refused["reason"]?["code"]?.text == "lost_on_export")
    #expect(refused["reason"]?["hint"]?.text?.contains(#""accept_loss": ["income"]"#) == true)
    #expect(refused["reason"]?["where"]?["pointer"]?.text == "/filter/1")
    #expect(site.archives.isEmpty)

    let other = try TestSite(copying: site)
    let accepted = try verdict(other, ("filter", filter), ("accept_loss", ["income"]))
    #expect(accepted["outcome"]?.text == "accepted")
    #expect(accepted["job"]?["accepted_loss"] == ["income"])
    #expect(
      accepted["warnings"]?.elements?.contains { $0["code"]?.text == "lost_on_export" } == true)
    let ledger = try other.folder.names("registry/outbox/LEDGER").filter { $0.hasSuffix(".ndjson") }
      .map { try other.folder.read("registry/outbox/LEDGER/\($0)") }.joined()
    #expect(ledger.contains(#""accepted_loss":["income"]"#))
    try other.ok("audit", "--root", other.root)
  }

  @Test("A loss that is accepted is that field's alone, and of another model by its name")
  func others() throws {
    let site = try TestSite(snapshot: "search_read")
    let filter = JSON.array([
      Self.registrant, Self.leaf("income", "<", 100),
      Self.leaf("reg_ids.create_date", "<", "2100-01-01 00:00:00"),
    ])
    let refused = try verdict(site, ("filter", filter), ("accept_loss", ["income", "create_date"]))
    #expect(refused["reason"]?["code"]?.text == "lost_on_export")
    #expect(refused["reason"]?["message"]?.text?.contains("g2p.reg.id.create_date") == true)
    let other = try TestSite(copying: site)
    let names: JSON = ["income", "g2p.reg.id.create_date"]
    #expect(
      try verdict(other, ("filter", filter), ("accept_loss", names))["outcome"]?.text == "accepted")
  }

  @Test("Over a lossless export nothing needs a word")
  func lossless() throws {
    let site = try TestSite(snapshot: "extract")
    let filter = JSON.array([Self.registrant, Self.leaf("income", "<", 100)])
    let verdict = try verdict(site, ("filter", filter), ("accept_loss", ["income"]))
    #expect(verdict["outcome"]?.text == "accepted")
    #expect(verdict["job"]?["accepted_loss"] == nil)
  }

  // MARK: Names

  /// A lossless export without the countries, as a list of models by hand makes it.
  private func siteWithoutCountries() throws -> TestSite {
    let site = try TestSite()
    let tar = site.root + "/inbox/export.tar"
    let countries = "--exclude=./res.country.ndjson"
    try Tool.run("tar", [countries, "-C", Fixture.path("extract"), "-cf", tar, "."])
    try Tool.run("tar", ["-C", Fixture.path("fields_get"), "-rf", tar, "."])
    try #require(site.run().status == 0)
    return site
  }

  @Test("fault 42: names that did not come are unknown: refused in a job, warned of in a search")
  func names() throws {
    let site = try siteWithoutCountries()
    let filter = JSON.array([Self.registrant, Self.leaf("country_id.name", "=", "Togo")])
    let refused = try verdict(site, ("filter", filter))
    #expect(refused["reason"]?["code"]?.text == "names_not_exported")
    #expect(refused["reason"]?["hint"]?.text?.contains("res.country") == true)
    for domain in [
      #"[["country_id.name","=","Togo"]]"#, #"[["country_id","!=","Togo"]]"#,
      #"["!",["country_id","ilike","Togo"]]"#,
    ] {
      let found = try search(site, domain)
      #expect(found.status == 0 && found.errors.contains("the records of res.country"), "\(domain)")
    }
  }

  @Test("fault 42: a search that would pick people too many for want of names is refused")
  func opposed() throws {
    let site = try siteWithoutCountries()
    for domain in [
      #"["!",["country_id.name","=","Togo"]]"#,
      #"[["country_id","not any",[["name","=","Togo"]]]]"#,
      #"["!","|",["id","=",1],["country_id.name","ilike","Togo"]]"#,
    ] {
      let refused = try search(site, domain)
      #expect(refused.status == 1 || refused.status == 2, "\(domain): \(refused.status)")
      #expect(refused.errors.contains("the records of res.country"), "\(domain)")
    }
  }

  @Test("Ids, unset links and names that came along need no other model")
  func known() throws {
    let site = try siteWithoutCountries()
    let whole = try TestSite(snapshot: "extract")
    for domain in [
      #"[["country_id","=",2]]"#, #"[["country_id","!=",2]]"#, #"[["country_id","=",false]]"#,
      #"["!",["country_id","in",[2,3]]]"#, #"["!",["district.name","=","Kandal"]]"#,
    ] {
      let found = try search(site, domain)
      #expect(found.output == (try search(whole, domain).output), "\(domain): \(found.errors)")
      #expect(!found.errors.contains("did not come"), "\(domain)")
    }
  }

  @Test("Names that stand beside all ids do, and one that is missing is told")
  func pairs() throws {
    func site(_ other: String) throws -> TestSite {
      let site = try TestSite()
      let line = #"{"id":1,"reg_ids":[{"id":1,"id_type":[1,"MOSIP VID"],"value":"V"}]}"#
      try site.drop(line + "\n" + other, as: "partners.ndjson")
      try #require(site.run().status == 0)
      return site
    }
    let domain = #"["!",["reg_ids.id_type.name","=","MOSIP VID"]]"#
    let named = #"{"id":2,"reg_ids":[{"id":2,"id_type":[2,"Other"],"value":"W"}]}"#
    let bare = #"{"id":2,"reg_ids":[{"id":2,"id_type":3,"value":"W"}]}"#
    #expect(try search(site(named), domain).output == "1\n")
    #expect(try search(site(bare), domain).errors.contains("the records of g2p.id.type"))
  }
}
