import Fixtures
import Foundation
import JSONText
import Testing

/// A site in a temporary folder, with the MTS side's keys beside it, worked on by the program itself.
struct TestSite {
  let folder: TemporaryFolder

  /// Where the build put the programs: beside the tests.
  static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().path

  /// - Parameter snapshot: `extract`, `search_read` or nil: what is in force from the start.
  init(snapshot: String? = nil) throws {
    folder = try TemporaryFolder()
    try ok("init", "--root", root)
    try ok("keys", "new", "mts", "--keys", folder("mts"))
    try ok("keys", "add", folder("mts/mts.card.json"), "--root", root)
    try ok("keys", "add", folder("registry/keys/registry.card.json"), "--keys", folder("mts"))
    if let snapshot {
      try drop(export: snapshot)
      try #require(run().status == 0)
    }
  }

  /// A site as another one stands.
  init(copying other: TestSite) throws {
    folder = try TemporaryFolder()
    try Tool.run("cp", ["-a", other.folder.path + "/.", folder.path])
  }

  var root: String { folder("registry") }

  @discardableResult
  static func airlock(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Tool.Result {
    try Tool.run(products + "/airlock", arguments, environment: environment)
  }

  /// Runs a command that must end well.
  @discardableResult
  func ok(_ arguments: String...) throws -> String {
    let result = try Self.airlock(arguments)
    try #require(result.status == 0, "\(arguments): \(result.errors)")
    return result.output
  }

  /// One pass, without a quiet time.
  func run(environment: [String: String] = [:]) throws -> Tool.Result {
    try Self.airlock(["run", "--root", root, "--quiet", "0s"], environment: environment)
  }

  func drop(_ text: String, as name: String) throws {
    try folder.write(text, as: "registry/inbox/\(name)")
  }

  /// Drops a real export, packed as one tar compressed with zstd.
  func drop(export form: String) throws {
    let tar = folder("export.tar")
    try Tool.run("tar", ["-C", Fixture.path(form), "-cf", tar, "."])
    try Tool.run("tar", ["-C", Fixture.path("fields_get"), "-rf", tar, "."])
    try Tool.run("zstd", ["-q", "--rm", "-f", tar, "-o", root + "/inbox/export.tar.zst"])
  }

  /// Drops the manifest of `docs/examples`, with members replaced or added.
  func drop(job changes: (String, JSON)..., as name: String = "job.json") throws {
    try drop(jobs: changes, as: name)
  }

  func drop(jobs changes: [(String, JSON)], as name: String = "job.json") throws {
    let text = try String(
      contentsOfFile: Fixture.package + "/docs/examples/vid-monthly.json", encoding: .utf8)
    guard case .object(var members) = try JSONDocument(parsing: text).root.json else { return }
    for (key, value) in changes {
      members.removeAll { $0.key == key }
      members.append(JSON.Member(key, value))
    }
    try drop(JSON.object(members).pretty(), as: name)
  }

  /// Puts blocks into the policy that `init` wrote, in place of those of the same names.
  func policy(_ changes: (String, JSON)...) throws {
    let path = "registry/policies/site.json"
    guard case .object(var members) = try JSONDocument(parsing: folder.read(path)).root.json else {
      return
    }
    for (key, value) in changes {
      members.removeAll { $0.key == key }
      members.append(JSON.Member(key, value))
    }
    try folder.write(JSON.object(members).pretty(), as: path)
  }

  /// The verdict of a drop, wherever it lies.
  func verdict(_ name: String) throws -> JSON {
    for box in ["accepted", "rejected"] {
      let path = "registry/inbox/\(box)/\(name).verdict.json"
      if let text = try? folder.read(path) { return try JSONDocument(parsing: text).root.json }
    }
    throw CocoaError(.fileNoSuchFile)
  }

  var archives: [String] { folder.names("registry/outbox/mts").filter { $0.hasSuffix(".sealed") } }

  /// Opens the only archive as the MTS side, and gives the folder.
  func open() throws -> String {
    let archive = try #require(archives.first)
    try ok(
      "open", "\(root)/outbox/mts/\(archive)", "--into", folder("opened"), "--identity",
      folder("mts/identity.json"))
    return "opened"
  }
}
