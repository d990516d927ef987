import Fixtures
import Foundation
import JSONText
import Testing

/// A release lets through what the operator saw, and nothing for anybody else later.
struct ReleaseTests {
  private static func full(_ taken: String) -> String {
    #"{"airlock": "snapshot", "version": 1, "taken": "\#(taken)", "follows": null}"# + "\n"
      + #"{"id": 1}"#
  }

  private static let old = full("2026-11-21T10:00:00Z")

  /// A site that holds an older snapshot as `b.ndjson`.
  private static func site() throws -> TestSite {
    let site = try TestSite()
    try site.drop(full("2026-11-22T10:00:00Z"), as: "a.ndjson")
    try site.drop(old, as: "b.ndjson")
    try #require(site.run().status == 1)
    return site
  }

  @Test("A release that could not put the file back leaves nothing for a later drop")
  func taken() throws {
    let site = try Self.site()
    try site.drop("waiting", as: "b.ndjson")
    let release = try TestSite.airlock(["release", "b.ndjson", "--root", site.root])
    #expect(release.status == 2 && release.errors.contains("already"))
    try site.drop(Self.old, as: "c.ndjson")
    #expect(try site.run().status == 1)
    #expect(try site.verdict("c.ndjson")["reason"]?["code"] == "older_snapshot")
  }

  @Test("A held file that was replaced since its verdict is not released")
  func replaced() throws {
    let site = try Self.site()
    try site.folder.write(
      Self.full("2026-11-20T10:00:00Z"), as: "registry/inbox/rejected/b.ndjson")
    let release = try TestSite.airlock(["release", "b.ndjson", "--root", site.root])
    #expect(release.status == 2 && release.errors.contains("is not the file"))
    #expect(site.folder.names("registry/inbox/rejected").contains("b.ndjson"))
  }

  @Test("A sealed snapshot that was replayed can be released, by the digest of what is inside")
  func sealed() throws {
    let post = try HeadOffice()
    try post.trust("snapshot", ["office"])
    let first = try post.dropSealed("[{\"id\": 1, \"is_registrant\": true}]", kind: "snapshot")
    for ending in ["", ".minisig"] {
      try FileManager.default.copyItem(
        atPath: post.site.root + "/inbox/\(first)\(ending)",
        toPath: post.site.folder("kept\(ending)"))
    }
    #expect(try post.site.run().status == 0)
    _ = try post.dropSealed("[{\"id\": 2, \"is_registrant\": true}]", kind: "snapshot")
    #expect(try post.site.run().status == 0)
    for ending in ["", ".minisig"] {
      try FileManager.default.copyItem(
        atPath: post.site.folder("kept\(ending)"),
        toPath: post.site.root + "/inbox/again.sealed\(ending)")
    }
    #expect(try post.site.run().status == 1)
    #expect(try post.outcome("again.sealed") == "quarantined replayed")
    try post.site.ok("release", "again.sealed", "--root", post.site.root)
    #expect(try post.site.run().status == 0)
    #expect(try post.site.ok("search", "[]", "--root", post.site.root) == "1\n")
  }
}
