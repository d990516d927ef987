import Fixtures
import Foundation
import JSONText
import Testing

/// An order that a carrier held back, and hands over when a newer one of its signer is in force.
struct WithheldJobTests {
  private static func office(_ signer: String) throws -> HeadOffice {
    let office = try HeadOffice()
    try office.site.drop(CrashTests.snapshot, as: "s.json")
    try #require(office.site.run().status == 0)
    try office.trust("job", [signer])
    return office
  }

  private static func manifest(_ limit: Int64, _ name: String = "vid-monthly") throws -> String {
    let text = try String(
      contentsOfFile: Fixture.package + "/docs/examples/vid-monthly.json", encoding: .utf8)
    guard case .object(var members) = try JSONDocument(parsing: text).root.json else { return "" }
    for (key, value) in [
      ("name", .string(name)), ("filter", [["is_registrant", "=", true]]), ("limit", .int(limit)),
      ("resend", ["rule": "always"]),
    ] as [(String, JSON)] {
      members.removeAll { $0.key == key }
      members.append(JSON.Member(key, value))
    }
    return JSON.object(members).pretty()
  }

  private static let stop =
    #"{"airlock": "job", "version": 1, "name": "vid-monthly", "stop": true}"#

  /// Drops a manifest that was signed at some second; the stock tool writes that into its comment.
  private static func drop(
    _ text: String, _ comment: String, in office: HeadOffice, as name: String
  ) throws -> String {
    try office.site.drop(text, as: name)
    let path = office.site.root + "/inbox/" + name
    let signing = try Tool.run(
      "minisign", ["-S", "-W", "-s", office.key("head-office"), "-m", path, "-t", comment])
    try #require(signing.status == 0, "\(signing.errors)")
    _ = try office.site.run()
    return try office.outcome(name)
  }

  @Test("A sealed job that was held back is held as older_job, and runs when released")
  func sealed() throws {
    let office = try Self.office("office")
    let older = try office.dropSealed(Self.manifest(2), kind: "job")
    let aside = try Self.take(older, from: office)
    let newer = try office.dropSealed(Self.manifest(1), kind: "job")
    #expect(try office.site.run().status == 0)
    #expect(try office.outcome(newer) == "accepted ")
    let before = office.site.archives
    try aside()
    #expect(try office.site.run().status == 1)
    #expect(try office.outcome(older) == "quarantined older_job")
    #expect(office.site.archives == before)
    #expect(try office.site.job()["version"] == 1)
    try office.site.ok("release", older, "--root", office.site.root)
    #expect(try office.site.run().status == 0)
    #expect(try office.outcome(older) == "accepted " && office.site.job()["version"] == 2)
  }

  /// Takes a drop and its signature out of the inbox.
  /// - Returns: what puts both back.
  private static func take(_ name: String, from office: HeadOffice) throws -> () throws -> Void {
    let (inbox, files) = (office.site.root + "/inbox/", [name + ".minisig", name])
    let manager = FileManager.default
    for file in files {
      try manager.moveItem(atPath: inbox + file, toPath: office.site.folder(file))
    }
    return {
      for file in files {
        try manager.moveItem(atPath: office.site.folder(file), toPath: inbox + file)
      }
    }
  }

  @Test("Of signed manifests the signature's time decides, be it a job or a stop")
  func signed() throws {
    let office = try Self.office("head-office")
    let rows: [(String, String, String)] = [
      (try Self.manifest(1), "timestamp:1700000100\tfile:a.json\thashed", "accepted "),
      (try Self.manifest(2), "timestamp:1700000099\tfile:a.json\thashed", "quarantined older_job"),
      (Self.stop, "timestamp:1700000050", "quarantined older_job"),
      (try Self.manifest(3), "no time at all", "quarantined older_job"),
      (try Self.manifest(3), "timestamp:17000002x0", "quarantined older_job"),
      (try Self.manifest(2, "another"), "timestamp:1700000001", "accepted "),
      (Self.stop, "timestamp:1700000200", "accepted "),
      (try Self.manifest(2), "timestamp:1700000199", "quarantined older_job"),
      (try Self.manifest(4), "timestamp:1700000200", "accepted "),
      (try Self.manifest(4), "timestamp:1700000400", "duplicate duplicate"),
      (try Self.manifest(5), "timestamp:1700000300", "quarantined older_job"),
    ]
    for (number, (text, comment, outcome)) in rows.enumerated() {
      let found = try Self.drop(text, comment, in: office, as: "\(number).json")
      #expect(found == outcome, "\(number): \(comment)")
    }
  }

  @Test("The first job of a signer needs no time, and the same bytes again are no older job")
  func untimed() throws {
    let office = try Self.office("head-office")
    try office.trust("job", ["head-office"], need: "optional")
    let first = try Self.drop(Self.manifest(1), "no time", in: office, as: "a.json")
    #expect(first == "accepted ")
    let again = try Self.drop(Self.manifest(1), "no time", in: office, as: "b.json")
    #expect(again == "duplicate duplicate")
    let other = try Self.drop(Self.manifest(2), "no time", in: office, as: "c.json")
    #expect(other == "quarantined older_job")
  }
}
