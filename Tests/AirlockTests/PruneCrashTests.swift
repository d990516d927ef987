import Fixtures
import Foundation
import JSONText
import Testing

/// The process is killed within a policy's run; what was deleted tries to come back.
struct PruneCrashTests {
  @Test("fault 89: a run that is killed at any step is done once, whole, with its patch")
  func killed() throws {
    let start = try PruneSite()
    try start.policy()
    let counted = try PruneSite(copying: start)
    let count = counted.site.folder("count")
    #expect(
      try counted.prune(environment: Self.preload(["KILL_COUNT_FILE": count], counted)).status == 0)
    let steps = try #require(
      Int(counted.site.folder.read("count").trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(steps > 30)
    for step in stride(from: 1, through: steps, by: max(1, steps / 40)) {
      let site = try PruneSite(copying: start)
      let killed = try site.prune(environment: Self.preload(["KILL_AT": "\(step)"], site))
      #expect(killed.status == -9, "step \(step)")
      let run = try site.prune()
      #expect(run.status == 0, "step \(step): \(run.errors)")
      #expect(try site.erased() == ["1/1", "2/2", "3/3"], "step \(step)")
      #expect(try site.holders() == "4" && site.results.tokens() == "1 2 3", "step \(step)")
      let runs = try site.verdicts(".prune.verdict.json")
      #expect(runs.map { $0["deletion"]?["deleted"]?.integer } == [3], "step \(step)")
      #expect(runs.first?["patch"]?["unlink"] == 3, "step \(step)")
      #expect(site.site.folder.names("registry/outbox/CERTIFICATES").count == 2, "step \(step)")
      let audit = try TestSite.airlock(["audit", "--root", site.root])
      #expect(audit.status == 0, "step \(step): \(audit.output)")
      #expect(site.site.folder.names("registry/store").filter { $0.hasSuffix(".tmp") } == [])
    }
  }

  @Test(
    "fault 91: a disk that is full from any step of a run on leaves nothing half; the next one ends it"
  )
  func full() throws {
    let start = try PruneSite()
    try start.policy()
    let counted = try PruneSite(copying: start)
    let count = counted.site.folder("count")
    try counted.prune(environment: Self.preload(["KILL_COUNT_FILE": count], counted))
    let steps = try #require(
      Int(counted.site.folder.read("count").trimmingCharacters(in: .whitespacesAndNewlines)))
    for step in stride(from: 1, through: steps, by: max(1, steps / 20)) {
      let site = try PruneSite(copying: start)
      let settings = ["FAIL_AT": "\(step)", "FAIL_ERRNO": "ENOSPC", "FAIL_STICKY": "1"]
      let failed = try site.prune(environment: Self.preload(settings, site))
      #expect([0, 1, 4].contains(failed.status), "step \(step): \(failed.errors)")
      let run = try site.prune()
      #expect([0, 1].contains(run.status), "step \(step): \(run.errors)")
      #expect(try site.erased() == ["1/1", "2/2", "3/3"], "step \(step)")
      #expect(try site.holders() == "4" && site.results.tokens() == "1 2 3", "step \(step)")
      let runs = try site.verdicts(".prune.verdict.json")
      #expect(runs.map { $0["deletion"]?["deleted"]?.integer } == [3], "step \(step)")
      let audit = try TestSite.airlock(["audit", "--root", site.root])
      #expect([0, 1].contains(audit.status), "step \(step): \(audit.output)")
    }
  }

  private static func preload(_ settings: [String: String], _ site: PruneSite) -> [String: String] {
    settings.merging([
      "LD_PRELOAD": TestSite.products + "/libKillSwitch.so", "KILL_UNDER": site.root,
    ]) { $1 }
  }

  /// A site that deleted three VIDs, and copies of what it had before.
  private static func pruned() throws -> (site: PruneSite, before: PruneSite) {
    let before = try PruneSite()
    try before.policy()
    let site = try PruneSite(copying: before)
    #expect(try site.prune().status == 0)
    #expect(try site.holders() == "4")
    return (site, before)
  }

  private static func copy(_ file: String, from other: PruneSite, to site: PruneSite) throws {
    try Tool.run("cp", ["-a", other.root + "/store/" + file, site.root + "/store/" + file])
  }

  @Test("fault 89: an older snapshot, let through by the operator, brings no deleted VID back")
  func olderSnapshot() throws {
    let (site, _) = try Self.pruned()
    try site.results.loadRegistry(note: "again")
    #expect(try site.holders() == "4")
  }

  @Test(
    "fault 89: a snapshot file that is restored from a backup loses its deleted VIDs at the start")
  func restoredSnapshot() throws {
    let (site, before) = try Self.pruned()
    try Self.copy("snapshot.sqlite", from: before, to: site)
    #expect(try site.site.run().status == 0)
    #expect(try site.holders() == "4")
    let verified = try site.prune("--verify")
    #expect(
      verified.status == 4 && !verified.output.contains("FOUND"), "VIDs of 2 bytes prove nothing")
  }

  @Test("fault 89: a restored tokens.sqlite learns from the certificates what was deleted")
  func restoredTokens() throws {
    let (site, before) = try Self.pruned()
    for file in ["tokens.sqlite", "snapshot.sqlite"] {
      try Self.copy(file, from: before, to: site)
    }
    #expect(try site.site.run().status == 0)
    #expect(try site.holders() == "4")
    try Self.copy("tokens.sqlite", from: before, to: site)
    for name in site.site.folder.names("registry/outbox/CERTIFICATES") {
      try FileManager.default.removeItem(atPath: site.root + "/outbox/CERTIFICATES/" + name)
    }
    let run = try site.site.run()
    #expect(run.status == 4 && run.errors.contains("tokens.sqlite"), "\(run.errors)")
    #expect(try site.holders() == "4")
  }

  @Test("fault 90: of a deleted VID no byte is left in any file of the site, nor in what it prints")
  func nowhere() throws {
    let site = try PruneSite(vids: Self.canaries)
    try site.policy()
    try site.results.site.drop(
      #"{"id": 9, "reg_ids": [{"id": 9, "id_type": [1, "MOSIP VID"], "value": "9"#, as: "cut.json")
    let output = try site.site.run()
    #expect(try site.erased().count == 3)
    try FileManager.default.removeItem(atPath: site.root + "/inbox/rejected/cut.json")
    let files = try Tool.run("find", [site.root, "-type", "f"]).output.split(separator: "\n")
    #expect(files.count > 20)
    for canary in Self.canaries.prefix(3) {
      let found = try Tool.run("grep", ["-rlaF", canary, site.root])
      #expect(found.output == "", "in \(found.output)")
      #expect(!(output.output + output.errors).contains(canary))
    }
    #expect(
      try Tool.run("grep", ["-rlaF", Self.canaries[3], site.root]).output.contains(
        "snapshot.sqlite"))
    #expect(try site.prune("--verify").status == 0)
  }

  private static let canaries = (1...4).map { "73190284650123\(40 + $0)" }

  @Test("fault 91: a long reader of tokens.sqlite is in nobody's way, and no WAL is left after it")
  func longReader() throws {
    let site = try PruneSite()
    try site.policy()
    let reader = Process()
    reader.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    reader.arguments = [
      "sqlite3", site.root + "/store/tokens.sqlite",
      "BEGIN", "SELECT count(*) FROM tokens", ".system echo held; cat", "COMMIT",
    ]
    let (input, output) = (Pipe(), Pipe())
    (reader.standardInput, reader.standardOutput) = (input, output)
    try reader.run()
    let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let run = try site.prune()
    try input.fileHandleForWriting.close()
    reader.waitUntilExit()
    #expect(said == "held\n", "\(said)")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try site.site.run().status == 0 && site.holders() == "4")
    let wal = site.root + "/store/tokens.sqlite-wal"
    let bytes = try? FileManager.default.attributesOfItem(atPath: wal)[.size] as? Int
    #expect((bytes ?? 0) == 0)
  }
}
