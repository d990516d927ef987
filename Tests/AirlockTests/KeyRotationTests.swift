import Fixtures
import Foundation
import JSONText
import Testing

/// Rotations and revocations from end to end, on both sides.
struct KeyRotationTests {
  private static func rotate(_ keys: KeySite, _ more: [String], day: Int = 0, status: Int32 = 0)
    throws -> Tool.Result
  {
    try keys.command(
      ["keys", "rotate", "--root", keys.site.root] + more, day: day, status: status)
  }

  @Test("fault 67: the registry rotates: announced in the stream, cut over, old archives verify")
  func sender() throws {
    let keys = try KeySite.ready()
    #expect(try keys.job("a") == "accepted")
    _ = try Self.rotate(keys, ["--announce", "--days", "30"])
    #expect(try keys.job("b") == "accepted")
    let announced = keys.site.root + "/outbox/mts/b-00000002.sealed"
    #expect(try keys.site.ok("inspect", announced).contains("\nnext key  "))
    let json = try JSONDocument(parsing: keys.site.ok("inspect", "--json", announced)).root.json
    #expect(json["next_key"]?["fingerprint"]?.text?.count == 64)
    let before = keys.site.root + "/outbox/mts/a-00000001.sealed"
    #expect(try !keys.site.ok("inspect", before).contains("next key"))
    let first = try keys.open("a-00000001")
    #expect(first.status == 0 && !first.errors.contains("announces"))
    let second = try keys.open("b-00000002")
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.errors.contains("registry announces a new key"))
    #expect(second.errors.contains("airlock keys add registry.rotation.json"))
    try keys.add("registry/keys/registry.rotation.json", to: "mts")
    _ = try Self.rotate(keys, ["--finish"], day: 1)
    #expect(try keys.job("c", day: 1) == "accepted")
    let third = try keys.open("c-00000003", day: 1)
    #expect(third.status == 0, "\(third.errors)")
    #expect(!third.errors.contains("announces"))
    for (archive, day) in [("a-00000001", 90), ("b-00000002", 90), ("c-00000003", 90)] {
      #expect(try keys.verify(archive, day: day).status == 0, "\(archive)")
    }
  }

  @Test("fault 67: the recipient rotates: archives follow from the day on, and both kinds open")
  func recipient() throws {
    let keys = try KeySite.ready()
    let mts = keys.site.folder("mts")
    #expect(try keys.job("a") == "accepted")
    try keys.command(["keys", "rotate", "--days", "30", "--keys", mts])
    try keys.add("mts/mts.rotation.json", to: "registry/keys")
    #expect(try keys.job("b", day: 1) == "accepted")
    for archive in ["a-00000001", "b-00000002"] {
      #expect(try keys.open(archive, day: 1).status == 0, "before the cut-over")
    }
    try keys.command(["keys", "rotate", "--finish", "--keys", mts], day: 2)
    for archive in ["a-00000001", "b-00000002"] {
      let inspected = try keys.site.ok("inspect", "\(keys.site.root)/outbox/mts/\(archive).sealed")
      #expect(inspected.contains("mts, "))
    }
    let late = try keys.open("a-00000001", day: 31, order: "warn")
    #expect(late.status == 3 && late.errors.contains("followed by another"), "\(late.errors)")
  }

  @Test("fault 67: a drop sealed to the old key is opened during the overlap, and not after it")
  func drops() throws {
    let keys = try KeySite.ready()
    let site = keys.site
    try FileManager.default.copyItem(
      atPath: site.root + "/keys/registry.card.json", toPath: site.folder("old.card.json"))
    try site.policy(
      ("trust", ["snapshot": ["signature": "required", "signers": ["mts"]]]))
    _ = try Self.rotate(keys, ["--days", "30"])
    try FileManager.default.copyItem(
      atPath: site.root + "/keys/identity.next.json", toPath: site.folder("next.json"))
    func sealed(_ text: String, day: Int) throws -> String {
      try site.folder.write(text, as: "x.json")
      let said = try keys.command([
        "seal", site.folder("x.json"), "--kind", "snapshot", "--to", site.folder("old.card.json"),
        "--identity", site.folder("mts/identity.json"), "--into", site.root + "/inbox", "--json",
      ])
      let path = try #require(JSONDocument(parsing: said.output).root.json["file"]?.text)
      return try keys.outcome(String(#require(path.split(separator: "/").last)), day: day)
    }
    #expect(try sealed("[{\"id\": 11, \"is_registrant\": true}]", day: 1) == "accepted")
    _ = try Self.rotate(keys, ["--finish"], day: 1)
    #expect(try sealed("[{\"id\": 12, \"is_registrant\": true}]", day: 2) == "accepted")
    #expect(
      try sealed("[{\"id\": 13, \"is_registrant\": true}]", day: 31) == "quarantined key_retired")
  }

  @Test("fault 67: nothing is cut over while a process works on the site, or a drop is unfinished")
  func finishing() throws {
    let keys = try KeySite.ready()
    let watch = Process()
    watch.executableURL = URL(fileURLWithPath: TestSite.products + "/airlock")
    watch.arguments = ["watch", "--root", keys.site.root, "--quiet", "0s"]
    let output = Pipe()
    (watch.standardOutput, watch.standardError) = (output, FileHandle.nullDevice)
    try watch.run()
    try keys.site.drop("[{\"id\": 1, \"is_registrant\": true}]", as: "z.json")
    _ = output.fileHandleForReading.availableData
    _ = try Self.rotate(keys, [])
    _ = try Self.rotate(keys, ["--finish"], status: 4)
    try keys.command(
      ["keys", "rotate", "--finish", "--keys", keys.site.root + "/keys"], status: 4)
    watch.terminate()
    watch.waitUntilExit()
    let again = try Self.rotate(keys, ["--announce"])
    #expect(again.output.contains("announced already"), "\(again.output)")
    #expect(again.output.contains("--finish --root \(keys.site.root)\n"), "\(again.output)")
    let done = try Self.rotate(keys, ["--finish"])
    #expect(done.output.contains("in force") && done.output.contains("back up"))
    #expect(try Self.rotate(keys, ["--finish"]).output.contains("finished already"))
  }

  @Test("fault 67: between two batches of one job a rotation changes nothing")
  func midBatch() throws {
    let keys = try KeySite.ready()
    _ = try Self.rotate(keys, [])
    #expect(try keys.job("a") == "accepted")
    _ = try Self.rotate(keys, ["--finish"])
    let old = try keys.verify("a-00000001")
    #expect(old.status == 0, "\(old.errors)")
    #expect(try keys.open("a-00000001").status == 0)
  }

  @Test("fault 67: with a list of revoked keys that is older, or gone, nothing leaves")
  func revocations() throws {
    let keys = try KeySite.ready()
    let list = keys.site.root + "/keys/REVOKED.json"
    func revoke(_ name: String) throws {
      try keys.command(["keys", "new", name, "--keys", keys.site.folder(name)])
      try keys.add("\(name)/\(name).card.json", to: "registry/keys")
      try keys.command(
        ["keys", "revoke", name, "--reason", "retired", "--root", keys.site.root])
    }
    try revoke("one")
    let old = try [list, list + ".minisig"].map { try Data(contentsOf: URL(filePath: $0)) }
    try revoke("two")
    #expect(try keys.job("a") == "accepted")
    for (data, path) in zip(old, [list, list + ".minisig"]) {
      try data.write(to: URL(filePath: path))
    }
    #expect(try keys.job("b") == "quarantined revocations_rolled_back")
    try FileManager.default.removeItem(atPath: list)
    #expect(try keys.job("c") == "quarantined revocations_missing")
    #expect(try keys.status().output.contains("NOTHING CAN LEAVE: no key"))
  }
}
