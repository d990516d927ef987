import Fixtures
import Foundation
import JSONText
import Testing

/// Drops that must come from somebody: plain ones with a signature of the stock tool, and sealed ones.
struct SignedDropTests {
  private static let snapshot = "[{\"id\": 1, \"is_registrant\": true}]"

  @Test("A snapshot signed with the stock minisign by a trusted signer is taken in")
  func signed() throws {
    let post = try HeadOffice()
    try post.trust("snapshot", ["head-office"])
    try post.drop(Self.snapshot, signed: true)
    #expect(try post.site.run().status == 0)
    #expect(try post.outcome() == "accepted ")
    #expect(post.site.folder.names("registry/store/claimed").isEmpty)
  }

  @Test("What is not signed as the policy wants is held, with the reason, and changes nothing")
  func held() throws {
    let rows: [(String, (HeadOffice) throws -> Void)] = [
      ("unsigned", { try $0.drop(Self.snapshot, signed: false) }),
      ("unknown_signer", { try $0.drop(Self.snapshot, signed: true, key: "stranger") }),
      (
        "signer_not_trusted_for_kind",
        { post in
          try post.trust("snapshot", ["mts"])
          try post.drop(Self.snapshot, signed: true)
        }
      ),
      (
        "signature_mismatch",
        { post in
          try post.drop(Self.snapshot, signed: true)
          try post.site.drop("[{\"id\": 2, \"is_registrant\": true}]", as: "s.json")
        }
      ),
      (
        "signature_broken",
        { post in
          try post.drop(Self.snapshot, signed: true)
          let text = try post.site.folder.read("registry/inbox/s.json.minisig")
          try post.site.drop(
            text.replacing("trusted comment: timestamp", with: "trusted comment: timestomp"),
            as: "s.json.minisig")
        }
      ),
      (
        "signature_broken",
        { post in
          try post.drop(Self.snapshot, signed: true)
          try post.site.drop("nonsense\n", as: "s.json.minisig")
        }
      ),
    ]
    for (code, make) in rows {
      let post = try HeadOffice()
      try post.trust("snapshot", ["head-office"])
      try make(post)
      #expect(try post.site.run().status == 1, "\(code)")
      #expect(try post.outcome() == "quarantined \(code)")
      let found = try TestSite.airlock(["search", "[]", "--root", post.site.root])
      #expect(found.status != 0, "no snapshot is in force")
    }
  }

  @Test("A signature that is there must be good even where none is needed")
  func optional() throws {
    let post = try HeadOffice()
    try post.trust("snapshot", ["head-office"], need: "optional")
    try post.drop(Self.snapshot, signed: false)
    #expect(try post.site.run().status == 0)
    try post.drop(
      "[{\"id\": 3, \"is_registrant\": true}]", signed: true, key: "stranger", as: "t.json")
    #expect(try post.site.run().status == 1)
    #expect(try post.outcome("t.json") == "quarantined unknown_signer")
  }

  @Test("A held drop is judged again, with its signature, once its signer's key is there")
  func retried() throws {
    let post = try HeadOffice()
    try post.trust("snapshot", ["late"])
    try post.drop(Self.snapshot, signed: true, key: "stranger")
    #expect(try post.site.run().status == 1)
    try post.site.ok(
      "keys", "add", post.key("stranger") + ".pub", "--name", "late", "--root", post.site.root)
    let refused = try TestSite.airlock(["release", "s.json", "--root", post.site.root])
    #expect(refused.status == 2 && refused.errors.contains("unknown_signer"))
    try post.site.ok("retry", "s.json", "--root", post.site.root)
    #expect(try post.site.run().status == 0)
    #expect(try post.outcome() == "accepted ")
  }

  @Test(
    "A snapshot and a job that were sealed to the site are opened and judged as what they are",
    arguments: ["erase", "seal"])
  func sealed(retention: String) throws {
    let post = try HeadOffice()
    try post.trust("snapshot", ["office"], retention: retention)
    let name = try post.dropSealed(Self.snapshot, kind: "snapshot")
    #expect(try post.site.run().status == 0)
    #expect(try post.outcome(name) == "accepted ")
    #expect(try post.site.ok("search", "[]", "--root", post.site.root) == "1\n")
    #expect(post.site.folder.names("registry/store/claimed").isEmpty)
    guard retention == "seal" else { return }
    let kept = try #require(
      post.site.folder.names("registry/store/archive").first { $0.hasSuffix(".sealed") })
    try post.site.ok(
      "open", "\(post.site.root)/store/archive/\(kept)", "--kind", "snapshot", "--into",
      post.site.folder("back"),
      "--root", post.site.root)
    let inside = try #require(post.site.folder.names("back/drop").first)
    #expect(try post.site.folder.read("back/drop/\(inside)") == Self.snapshot)
  }

  @Test("A sealed drop that is not what it must be is held, with the reason")
  func sealedFaults() throws {
    let rows: [(String, (HeadOffice) throws -> String)] = [
      ("not_for_us", { try $0.dropSealed(Self.snapshot, kind: "snapshot", to: "mts/mts") }),
      ("kind_differs", { try $0.dropSealed(Self.snapshot, kind: "job") }),
      (
        "signer_not_trusted_for_kind",
        { try $0.dropSealed("{\"airlock\": \"job\"}", kind: "job", trusted: false) }
      ),
      ("unknown_signer", { try $0.dropSealed(Self.snapshot, kind: "snapshot", by: "nobody") }),
      (
        "unsigned",
        { post in
          let name = try post.dropSealed(Self.snapshot, kind: "snapshot")
          try FileManager.default.removeItem(atPath: post.site.root + "/inbox/\(name).minisig")
          return name
        }
      ),
      (
        "signature_mismatch",
        { post in
          let name = try post.dropSealed(Self.snapshot, kind: "snapshot")
          let path = URL(fileURLWithPath: post.site.root + "/inbox/" + name)
          var bytes = try Data(contentsOf: path)
          bytes[bytes.count - 1] ^= 1
          try bytes.write(to: path)
          return name
        }
      ),
    ]
    for (code, make) in rows {
      let post = try HeadOffice()
      try post.trust("snapshot", ["office"])
      let name = try make(post)
      #expect(try post.site.run().status == 1, "\(code)")
      #expect(try post.outcome(name) == "quarantined \(code)")
      #expect(post.site.folder.names("registry/store/claimed").isEmpty)
      #expect(post.site.folder.names("registry/inbox/rejected").contains(name), "still sealed")
    }
  }

  @Test("fault 34: our own archive, or a card, dropped into the inbox is no drop")
  func ownArchive() throws {
    let site = try TestSite(snapshot: "search_read")
    try site.drop(job: ("limit", 3))
    #expect(try site.run().status == 0)
    let name = try #require(site.archives.first)
    for ending in ["", ".minisig"] {
      try FileManager.default.copyItem(
        atPath: "\(site.root)/outbox/mts/\(name)\(ending)",
        toPath: "\(site.root)/inbox/\(name)\(ending)")
    }
    #expect(try site.run().status == 1)
    #expect(try site.verdict(name)["reason"]?["code"] == "not_a_drop")
  }
}

/// A site, and those who send to it: signers with the stock tool, and an office with a card.
struct HeadOffice {
  let site: TestSite

  init() throws {
    site = try TestSite()
    for name in ["head-office", "stranger"] {
      let made = try Tool.run(
        "minisign", ["-G", "-W", "-f", "-p", key(name) + ".pub", "-s", key(name)])
      try #require(made.status == 0, "\(made.errors)")
    }
    try site.ok(
      "keys", "add", key("head-office") + ".pub", "--name", "head-office", "--root", site.root)
    for name in ["office", "nobody"] {
      try site.ok("keys", "new", name, "--keys", site.folder(name))
    }
    try site.ok("keys", "add", site.folder("office/office.card.json"), "--root", site.root)
  }

  func key(_ name: String) -> String { site.folder(name + ".key") }

  /// Changes the policy that `init` wrote.
  func trust(
    _ kind: String, _ signers: [String], need: String = "required", retention: String = "erase"
  ) throws {
    let names: JSON = .array(signers.map(JSON.string))
    try site.policy(
      ("trust", .object([.init(kind, ["signature": .string(need), "signers": names])])),
      ("retention", ["accepted": .string(retention)]))
  }

  func drop(
    _ text: String, signed: Bool, key name: String = "head-office", as file: String = "s.json"
  ) throws {
    try site.drop(text, as: file)
    if signed { try sign(file, key: name) }
  }

  /// Signs what lies in the inbox with the stock tool.
  func sign(_ file: String, key name: String = "head-office") throws {
    let signing = try Tool.run(
      "minisign", ["-S", "-W", "-s", key(name), "-m", site.root + "/inbox/" + file])
    try #require(signing.status == 0, "\(signing.errors)")
  }

  /// Seals a file, drops both parts and gives the archive's name.
  func dropSealed(
    _ text: String, kind: String, to card: String = "registry/keys/registry",
    by sender: String = "office", trusted: Bool = true
  ) throws -> String {
    if kind == "job", trusted { try trust("job", ["office"]) }
    try site.folder.write(text, as: "plain.json")
    let said = try site.ok(
      "seal", site.folder("plain.json"), "--kind", kind, "--to", site.folder(card + ".card.json"),
      "--identity", site.folder(sender + "/identity.json"), "--into", site.root + "/inbox", "--json"
    )
    let path = try #require(JSONDocument(parsing: said).root.json["file"]?.text)
    return try String(#require(path.split(separator: "/").last))
  }

  func outcome(_ name: String = "s.json") throws -> String {
    let verdict = try site.verdict(name)
    return "\(verdict["outcome"]?.text ?? "?") \(verdict["reason"]?["code"]?.text ?? "")"
  }
}
