import Archives
import Files
import Foundation
import Keys
import Secrets
import Testing

@Suite struct StagedTests {
  let post: Post

  init() throws { post = try Post() }

  private func visible() throws -> [String] {
    try post.names("outbox").filter { !$0.hasPrefix(".") }
  }

  @Test func `nothing is visible before publishing, and nothing is left after discarding`() throws {
    let staged = try post.staged(post.spool())
    #expect(try visible().isEmpty)
    #expect(try post.names("outbox").count == 2)
    try staged.discard()
    #expect(try post.names("outbox").isEmpty)
  }

  @Test func `a dropped stage leaves nothing`() throws {
    do { _ = try post.staged(post.spool()) }
    #expect(try post.names("outbox").isEmpty)
  }

  @Test func `fault 57, W3: an archive never takes another's name`() throws {
    let first = try post.publish()
    let second = try post.staged(post.spool())
    #expect(code { try second.publish() } == "name_taken")
    #expect(try post.verified().digest == first.digest)
  }

  @Test(arguments: [
    ("bad_draft", 0, 1), ("bad_draft", 2, 1), ("bad_recipients", 1, 0), ("bad_recipients", 1, 65),
  ])
  func `what cannot be sealed leaves nothing`(wanted: String, sequence: Int64, count: Int) throws {
    let cards = try (0..<count).map { try Identity.generate(name: KeyName("r\($0)")).card }
    let draft = try post.draft { $0.sequence = sequence }
    #expect(code { try post.staged(post.spool(), draft, to: cards) } == wanted)
    #expect(try post.names("outbox").isEmpty)
  }

  @Test func `a header too large is refused before anything is written`() throws {
    let draft = try post.draft { draft in
      draft.fields = (0..<1000).map { "field_\($0)_" + String(repeating: "x", count: 100) }
    }
    #expect(code { try post.staged(post.spool(), draft) } == "header_too_large")
    #expect(try post.names("outbox").isEmpty)
  }

  /// Copies the staged files' state as a crash would leave it, with the object gone.
  private func crashed(after step: Int) throws -> Digest {
    let staged = try post.staged(post.spool())
    let names = try post.names("outbox")
    let manager = FileManager.default
    try manager.createDirectory(atPath: post.path + "/copy", withIntermediateDirectories: false)
    for name in names {
      try manager.copyItem(
        atPath: "\(post.path)/outbox/\(name)", toPath: "\(post.path)/copy/\(name)")
    }
    try staged.discard()
    for name in names {
      let isSignature = name.contains(".minisig.")
      let final = Post.name + (isSignature ? ".minisig" : "")
      let isPublished = step == 2 || step == 1 && isSignature
      try manager.moveItem(
        atPath: "\(post.path)/copy/\(name)",
        toPath: "\(post.path)/outbox/\(isPublished ? final : name)")
    }
    try manager.removeItem(atPath: post.path + "/copy")
    return staged.digest
  }

  private func find(_ digest: Digest) throws -> StagedArchive.Found {
    try StagedArchive.find(
      EntryName(Post.name), digest: digest, signer: post.registry.card, in: post.outbox)
  }

  @Test(arguments: [0, 1])
  func `what a crash left hidden is found and published`(step: Int) throws {
    let digest = try crashed(after: step)
    guard case .staged(let found) = try find(digest) else {
      Issue.record("not found")
      return
    }
    #expect(found.digest == digest)
    try found.publish()
    #expect(try post.names("outbox") == [Post.name, Post.name + ".minisig"])
    #expect(try post.failure() == nil)
  }

  @Test func `what a crash left published is known as such`() throws {
    guard case .published = try find(crashed(after: 2)) else {
      Issue.record("not published")
      return
    }
  }

  @Test func `what a crash left damaged, or of another, is not used`() throws {
    let digest = try crashed(after: 0)
    let hidden = try #require(try post.names("outbox").first { !$0.contains(".minisig.") })
    let handle = try FileHandle(forWritingTo: URL(filePath: "\(post.path)/outbox/\(hidden)"))
    try handle.truncate(atOffset: 500)
    try handle.close()
    guard case .nothing = try find(digest) else {
      Issue.record("a damaged archive was found")
      return
    }
    try post.publish()
    #expect(code { try find(digest) } == "name_taken")
  }
}
