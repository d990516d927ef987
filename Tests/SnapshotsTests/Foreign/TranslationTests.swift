import Testing

@testable import Snapshots

/// Texts that Odoo keeps in several languages are read in the site's, as Odoo reads them.
struct TranslationTests {
  private static let name = #"{"en_US": "Nigeria", "fr_FR": "Nigéria", "ar_001": null}"#

  private func name(_ language: String, _ file: (String, String)) throws -> Rows.Value? {
    var limits = SnapshotLimits()
    limits.language = language
    let partners = ("res_partner.csv", "id,name\n1,Ana\n")
    return try Rows(.tar(partners, file), limits: limits).records("res.country").first?["name"]
  }

  static let languages: [(String, String)] = [
    ("en_US", "Nigeria"), ("fr_FR", "Nigéria"), ("ar_001", "Nigeria"), ("de_DE", "Nigeria"),
  ]

  @Test("In CSV, in COPY's text and in JSON", arguments: languages)
  func forms(_ language: String, _ wanted: String) throws {
    let doubled = Self.name.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"")
    let files = [
      ("res_country.csv", "id,code,name\n1,NG,\"\(doubled)\"\n"),
      ("res_country.tsv", "id\tcode\tname\n1\t\\N\t\(Self.name)\n"),
      ("res.country.ndjson", "{\"id\": 1, \"name\": \(Self.name)}\n"),
    ]
    for file in files { #expect(try name(language, file) == .text(wanted), "\(file.0)") }
  }

  static let plain: [String] = ["Nigeria", "{braces}", "{\"a\": "]

  @Test("A text that is no JSON object is itself", arguments: plain)
  func asItStands(_ text: String) throws {
    #expect(try name("fr_FR", ("res_country.tsv", "id\tname\tx\n1\t\(text)\t\\N\n")) == .text(text))
  }

  @Test("Without the language and without English there is nothing; an empty text is one")
  func nothing() throws {
    #expect(
      try name("en_US", ("res.country.ndjson", #"{"id": 1, "name": {"fr_FR": "x"}}"#)) == .null)
    #expect(
      try name("fr_FR", ("res.country.ndjson", #"{"id": 1, "name": {"en_US": "x", "fr_FR": ""}}"#))
        == .text(""))
  }

  @Test("A column that nobody described is read so if its cells look so")
  func unknown() throws {
    let csv = "id,name,x\n1,\"{\"\"en_US\"\": \"\"North\"\"}\",\"{\"\"a\"\": \"\"b\"\"}\"\n"
    let json = #"{"id": 2, "name": {"en_US": "South"}, "x": {"a": "b"}}"#
    let rows = try Rows(
      .tar(("res_partner.csv", "id\n1\n"), ("spp_area.csv", csv), ("spp.place.ndjson", json)))
    #expect(rows.records("spp.area")[0]["name"] == .text("North"))
    #expect(rows.records("spp.area")[0]["x"] == .text(#"{"a": "b"}"#))
    #expect(rows.records("spp.place")[0]["name"] == .text("South"))
    #expect(rows.records("spp.place")[0]["x"] == .json(#"{"a":"b"}"#))
  }

  @Test("fields_get says what is translated")
  func described() throws {
    let fields = #"{"id": {"type": "integer"}, "title": {"type": "char", "translate": true}}"#
    let rows = try Rows(
      .tar(
        ("x.thing.fields_get.json", fields), ("res_partner.csv", "id\n1\n"),
        ("x.thing.ndjson", #"{"id": 1, "title": {"en_US": "T"}}"#)))
    #expect(rows.records("x.thing")[0]["title"] == .text("T"))
  }
}
