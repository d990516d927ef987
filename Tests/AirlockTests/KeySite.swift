import Fixtures
import Foundation
import JSONText
import Testing

/// A site whose clock can be moved, for keys that begin and end.
struct KeySite {
  let site: TestSite

  /// - Parameters:
  ///   - own: what else `keys new` is told for the registry's own key.
  ///   - mts: the same for the recipient's.
  init(own: [String] = [], mts: [String] = []) throws {
    site = try TestSite()
    try remake("registry", in: site.root + "/keys", own)
    try remake("mts", in: site.folder("mts"), mts)
    try add("mts/mts.card.json", to: "registry/keys")
    try add("registry/keys/registry.card.json", to: "mts")
  }

  /// With a snapshot in force.
  static func ready(own: [String] = [], mts: [String] = []) throws -> KeySite {
    let keys = try KeySite(own: own, mts: mts)
    try keys.site.drop(CrashTests.snapshot, as: "s.json")
    try #require(keys.site.run().status == 0)
    return keys
  }

  private func remake(_ name: String, in folder: String, _ terms: [String]) throws {
    try FileManager.default.removeItem(atPath: folder)
    try command(["keys", "new", name, "--keys", folder] + terms)
  }

  func add(_ file: String, to folder: String, day: Int = 0) throws {
    try command(["keys", "add", site.folder(file), "--keys", site.folder(folder)], day: day)
  }

  /// Runs a command some days from now; it must end well.
  @discardableResult
  func command(_ arguments: [String], day: Int = 0, status: Int32 = 0) throws -> Tool.Result {
    let result = try TestSite.airlock(arguments, environment: KeySite.clock(day))
    try #require(result.status == status, "\(arguments): \(result.errors)")
    return result
  }

  /// A job for all, some days from now.
  /// - Returns: the outcome and the reason's code.
  @discardableResult
  func job(_ name: String, day: Int = 0) throws -> String {
    try site.drop(
      job: ("name", .string(name)), ("filter", [["is_registrant", "=", true]]),
      ("resend", ["rule": "always"]), as: "\(name).json")
    return try outcome("\(name).json", day: day)
  }

  /// What becomes of a drop some days from now.
  func outcome(_ drop: String, day: Int = 0) throws -> String {
    _ = try site.run(environment: KeySite.clock(day))
    let verdict = try site.verdict(drop)
    return [verdict["outcome"]?.text, verdict["reason"]?["code"]?.text].compactMap { $0 }
      .joined(separator: " ")
  }

  func status(day: Int = 0) throws -> Tool.Result {
    try TestSite.airlock(["status", "--root", site.root], environment: KeySite.clock(day))
  }

  func open(
    _ archive: String, day: Int = 0, keys: String = "mts", order: String = "refuse"
  ) throws -> Tool.Result {
    try TestSite.airlock(
      [
        "open", "\(site.root)/outbox/mts/\(archive).sealed", "--into",
        site.folder("opened-\(keys)-\(archive)-\(day)"), "--identity",
        site.folder("\(keys)/identity.json"), "--order", order,
      ], environment: KeySite.clock(day))
  }

  func verify(_ archive: String, day: Int = 0, _ more: [String] = []) throws -> Tool.Result {
    try TestSite.airlock(
      ["verify", "\(site.root)/outbox/mts/\(archive).sealed", "--root", site.root, "--json"] + more,
      environment: KeySite.clock(day))
  }

  static func clock(_ day: Int) -> [String: String] {
    [
      "LD_PRELOAD": TestSite.products + "/libKillSwitch.so", "CLOCK_SHIFT": "\(day * 86_400)",
      "COLUMNS": "100",
    ]
  }
}
