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

/// VID-deletion policies against a real export: 1 is the type MOSIP VID, 2 MOSIP UIN TOKEN.
struct DeletionScopeTests {
  private let folder: TemporaryFolder
  private let site: Site
  private static let domain =
    #"[["is_registrant", "=", true], ["reg_ids.id_type", "=like", "MOSIP VID"], ["reg_ids.id_type", "=like", "MOSIP UIN TOKEN"]]"#

  init() throws {
    folder = try TemporaryFolder()
    site = try Site.layOut(root: folder("site"))
    let tar = folder("export.tar")
    try Tool.run("tar", ["-C", Fixture.path("extract"), "-cf", tar, "."])
    try Tool.run("tar", ["-C", Fixture.path("fields_get"), "-rf", tar, "."])
    let source = SnapshotSource(name: "export.tar") {
      try DropInput(OpenFile(path: tar, rules: .named(limit: .max)))
    }
    try SnapshotLoader(into: site.store).load(source, now: Date(timeIntervalSince1970: 0)).commit()
  }

  private static func text(_ rest: String, _ domain: String) -> String {
    "{\"airlock\": \"vid-deletion\", \"version\": 1,\n \"domain\": \(domain)\(rest.isEmpty ? "" : ",\n \(rest)")}"
  }

  private func scope(_ rest: String, _ domain: String = domain) throws -> DeletionScope {
    let document = try JSONDocument(parsing: Self.text(rest, domain))
    return try DeletionScope(
      VIDDeletionDecoder.read(document), SitePolicy(), over: SnapshotStore.open(site.store))
  }

  @Test("The domain and the types of g2p_mts, by name, by id, and as the site policy has them")
  func found() throws {
    for types in [
      "", #""vid_id_type": "MOSIP VID", "uin_token_id_type": "MOSIP UIN TOKEN""#,
      #""vid_id_type": 1, "uin_token_id_type": 2"#,
    ] {
      let scope = try scope(types)
      #expect(scope.vidTypes == [1] && scope.tokenTypes == [2])
      #expect(try scope.search.count() == 602)
      #expect(scope.warnings.isEmpty)
    }
  }

  @Test(
    "fault 86: an id type that is not there is refused with what was meant; nobody is searched by accident",
    arguments: [
      (#""vid_id_type": "MOSIP VIDS""#, "unknown_id_type 3 /vid_id_type", "\"MOSIP VID\""),
      (#""vid_id_type": "mosip uin token""#, "unknown_id_type 3 /vid_id_type", "MOSIP UIN TOKEN"),
      (#""vid_id_type": "Frobnication""#, "unknown_id_type 3 /vid_id_type", "known are"),
      (#""uin_token_id_type": 99"#, "unknown_id_type 3 /uin_token_id_type", "known are"),
      (#""uin_token_id_type": "TOKEN""#, "unknown_id_type 3 /uin_token_id_type", "known are"),
      (#""vid_id_type": 2"#, "same_id_type 3 /vid_id_type", ""),
      (
        #""vid_id_type": "MOSIP VID", "uin_token_id_type": 1"#, "same_id_type 3 /uin_token_id_type",
        ""
      ),
    ])
  func unknown(rest: String, fault: String, hint: String) throws {
    let list = try #require(throws: FaultList.self) { try scope(rest) }
    #expect(
      list.all.map { "\($0.code) \($0.place?.line ?? 0) \($0.place?.pointer ?? "")" } == [fault])
    #expect(hint.isEmpty || list.hint?.contains(hint) == true)
  }

  @Test("What the document, the snapshot's types and its fields have against it is one list")
  func together() throws {
    let list = try #require(throws: FaultList.self) {
      try scope(
        #""vid_id_type": "MOSIP VDI", "vids": "every""#,
        #"[["nme", "=", "x"], ["name", "==", 1], ["reg_ids.statu", "=", "valid"]]"#)
    }
    #expect(
      list.all.map { "\($0.code) \($0.place?.pointer ?? "")" } == [
        "unknown_field /domain/0", "unknown_operator /domain/1/1", "unknown_field /domain/2",
        "unknown_id_type /vid_id_type", "unknown_word /vids",
      ])
  }

  @Test(
    "What is almost surely a mistake is told",
    arguments: [
      ("", "[]", ["picks_everyone"]),
      (#""token": {"status": "vaild"}"#, domain, ["unknown_choice"]),
      (#""token": {"status": "valid"}"#, domain, []),
      (#""vid_id_type": 3"#, domain, ["never_answered"]),
      (#""uin_token_id_type": "National ID""#, domain, ["never_answered"]),
      (#""vid_id_type": 3, "uin_token_id_type": 4, "token": {"from": "registry"}"#, domain, []),
      ("", #"[["reg_ids.status", "=", "vaild"]]"#, ["unknown_choice"]),
    ])
  func warnings(rest: String, domain: String, codes: [String]) throws {
    let warnings = try scope(rest, domain).warnings
    #expect(warnings.map(\.code) == codes)
    for warning in warnings {
      #expect(warning.place?.line != nil && warning.message.hasPrefix("line "))
    }
  }

  @Test(
    "`check` says what the policy does, with a site and without; without a snapshot it is refused")
  func check() throws {
    try folder.write(Self.text("\"enabled\": false", Self.domain), as: "nightly.json")
    let form = try DropCheck(site: nil).check(path: folder("nightly.json"))
    #expect(form.kind == "vid-deletion" && form.warnings.isEmpty)
    #expect(form.facts.contains("off: it deletes nothing"))
    #expect(form.facts.last?.hasPrefix("only its form") == true)
    // Without a site policy nothing can be held against it.
    let fault = #expect(throws: FaultList.self) {
      try DropCheck(site: site).check(path: folder("nightly.json"))
    }
    #expect(fault?.code == "no_policy")
    try folder.write(SitePolicy.usual.pretty(), as: "site/policies/site.json")
    let whole = try DropCheck(site: site).check(path: folder("nightly.json"))
    #expect(whole.facts.first == "602 registrants are picked by the domain")
    #expect(whole.facts.contains("VIDs are of the id type 1, tokens of 2"))
    try folder.write(Self.text("", Self.domain), as: "Nightly.json")
    let named = try DropCheck(site: site).check(path: folder("Nightly.json"))
    #expect(named.warnings.map(\.code) == ["bad_name"])
  }
}
