import Files
import Foundation
import Keys
import Secrets
import Testing

@testable import Archives

@Suite struct RoundTripTests {
  let post: Post

  init() throws { post = try Post() }

  @Test func `what was sealed is opened, byte for byte`() throws {
    try post.publish()
    let opened = try post.verified().open(post.mts, into: post.opened)
    #expect(opened.files == Post.files.count)
    for (name, text) in Post.files { #expect(try post.text(name) == text) }
    #expect(try post.names("opened") == ["manifest.json", "rejects.ndjson", "requests"])
    #expect(try post.names() == ["opened", "outbox"])
    #expect(try post.names("outbox") == [Post.name, Post.name + ".minisig"])
  }

  @Test func `fault 50: each of several recipients opens it, a stranger does not`() throws {
    try post.publish(to: [post.mts.card, post.audit.card])
    for (index, identity) in [post.mts, post.audit].enumerated() {
      try post.verified().open(identity, into: "\(post.path)/\(index)")
    }
    let fault = failureClass { try post.verified().open(post.stranger, into: post.opened) }
    #expect(fault == "no_matching_key")
    #expect(try post.names() == ["0", "1", "outbox"])
  }

  @Test func `the stock minisign verifies an archive and shows what it is`() throws {
    try post.publish()
    let key = "\(post.path)/registry.pub"
    try Minisign.text(of: post.registry.card.signing).write(
      toFile: key, atomically: true, encoding: .utf8)
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/minisign")
    process.arguments = ["-Vm", post.archive, "-p", key]
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(output.contains("airlock mts-request stream=mts seq=1 job=monthly sender=registry"))
  }

  static let sizes = [0, 1, 65_535, 65_536, 65_537, 3 * 65_536]

  @Test(arguments: sizes)
  func `fault 48: a payload of any size comes back whole`(count: Int) throws {
    try post.publish(post.spool(bytes: pattern(count)))
    let archive = try post.verified()
    let filled = Int(SizeClass.of(Int64(count)))
    let chunks = (filled + 65_535) / 65_536
    #expect(archive.size - Int64(filled) - Int64(chunks * 17) < 4_096)
    for step in [1_000, 65_536, 200_000] {
      let reader = try archive.payload(for: post.mts)
      let room = ChunkBuffer(count: step)
      var plain: [UInt8] = []
      while case let size = try reader.read(into: room.bytes), size > 0 {
        plain += room.prefix(size)
      }
      #expect(reader.isComplete)
      #expect(plain == pattern(count) + [UInt8](repeating: 0, count: filled - count))
    }
  }

  @Test func `an archive shows no plaintext, and neither does its spool`() throws {
    let spool = try post.spool(bytes: Array("VID-CANARY".utf8) + pattern(200_000))
    #expect(try post.names("outbox").isEmpty)
    try post.publish(spool)
    #expect(Data(try post.bytes()).range(of: Data("VID-CANARY".utf8)) == nil)
  }

  @Test func `the header reads as it was written`() throws {
    let staged = try post.publish()
    let archive = try UnverifiedArchive(path: post.archive)
    #expect(archive.header == staged.header)
    #expect(archive.header.draft == (try post.draft()))
    #expect(archive.warnings.isEmpty)
    #expect(try post.verified().digest == staged.digest)
    #expect(try post.verified().digest == Digest(of: post.bytes()))
    #expect(archive.size == staged.size)
  }

  @Test func `a spool is sealed once`() throws {
    let spool = try post.spool()
    try post.staged(spool).discard()
    #expect(code { try post.staged(spool) } == "spool_ended")
    #expect(code { try [1].withUnsafeBytes { try spool.write($0) } } == "spool_ended")
    #expect(try post.names("outbox").isEmpty)
  }

  @Test func `a changed name is a warning only`() throws {
    try post.publish()
    for ending in ["", ".minisig"] {
      try FileManager.default.moveItem(
        atPath: post.archive + ending, toPath: "\(post.path)/outbox/x.sealed\(ending)")
    }
    let archive = try UnverifiedArchive("x.sealed", in: post.outbox)
    #expect(archive.warnings.count == 1)
    _ = try archive.verified(byOneOf: [post.mts.card, post.registry.card])
  }
}
