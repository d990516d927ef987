import Foundation
import JSONText
import Keys
import Secrets
import Tarballs
import Testing

@testable import Archives

/// The sender's own key signed it, and yet it is wrong: a broken or dishonest sender.
@Suite struct ForgedTests {
  let post: Post

  init() throws { post = try Post() }

  /// Where the stream begins: 24 bytes of header, then the chunks.
  private func stream(_ bytes: [UInt8]) -> Int {
    (bytes.dropFirst(19).firstIndex(of: 0x0A) ?? 0) + 1
  }

  @Test func `fault 46, 58: every altered byte of the stream is refused though it is signed`()
    throws
  {
    try post.publish()
    let sound = try post.bytes()
    for index in stream(sound)..<sound.count {
      var altered = sound
      altered[index] ^= 0x01
      try post.forge(altered)
      #expect(try post.failure() == "payload", "byte \(index)")
    }
  }

  @Test func `fault 53: a header is bound to the chunks behind it`() throws {
    try post.publish()
    let sound = try post.bytes()
    let text = String(decoding: sound[..<stream(sound)], as: UTF8.self)
      .replacingOccurrences(of: "\"records\":2", with: "\"records\":3")
    try post.forge(Array(text.utf8) + sound[stream(sound)...])
    #expect(try post.failure() == "payload")
  }

  @Test func `fault 47: chunks cannot be swapped, repeated or dropped`() throws {
    try post.publish(post.spool(bytes: pattern(3 * 65_536)))
    let sound = try post.bytes()
    let start = stream(sound) + 24
    let chunks = (0..<3).map { Array(sound[(start + $0 * 65_553)..<(start + ($0 + 1) * 65_553)]) }
    let orders = [[1, 0, 2], [0, 0, 2], [0, 2, 1], [2, 1, 0], [0, 1, 1]]
    for order in orders {
      try post.forge(sound[..<start] + order.flatMap { chunks[$0] })
      #expect(try post.failure() == "payload", "\(order)")
    }
  }

  @Test func `fault 49: an end that is not marked, and a mark before the end, are named`() throws {
    let room = ChunkBuffer(pattern(65_536))
    for (marks, wanted) in [([false, false], "truncation"), ([true, true], "trailing_data")] {
      let bytes = try forged(room, marks)
      try post.forge(bytes)
      let reader = try post.verified().payload(for: post.mts)
      let out = ChunkBuffer(count: 65_536)
      let found = failureClass { for _ in 0..<2 { _ = try reader.read(into: out.bytes) } }
      #expect(found == wanted)
    }
  }

  /// An archive of two full chunks whose tags are as told.
  private func forged(_ plain: ChunkBuffer, _ marks: [Bool]) throws -> [UInt8] {
    let key = try SecretBytes.random(count: 32)
    let recipient = ArchiveHeader.Recipient(
      name: post.mts.name, fingerprint: post.mts.card.fingerprint,
      sealedKey: try post.mts.card.sealing.seal(key))
    let header = ArchiveHeader(
      draft: try post.draft(),
      sender: .init(name: post.registry.name, keyID: post.registry.card.keyID),
      recipients: [recipient], payloadBytes: 2 * 65_536)
    let preamble = try header.preamble()
    let context = Digest(of: preamble).bytes
    let room = ChunkBuffer(count: 65_553)
    var writer = try SecretStreamWriter(key: key)
    var bytes = preamble + writer.header
    if marks == [false, false] {
      for _ in 0..<2 {
        let size = writer.push(plain.prefix(65_536), bound: context, into: room.bytes)
        bytes += room.prefix(size)
      }
      return bytes
    }
    let size = writer.finish(plain.prefix(65_536), bound: context, into: room.bytes)
    return bytes + room.prefix(size) + room.prefix(size)
  }

  static let contents: [(String, [(String, String)], String, String)] = [
    ("no manifest", Array(Post.files.dropFirst()), "payload", "5.6"),
    ("a request too few", Array(Post.files.prefix(2)), "payload", "5.9"),
    ("a request too many", Post.files + [("requests/000003.json", "{}")], "payload", "5.9"),
    ("request 0", Post.files + [("requests/000000.json", "{}")], "payload", "5.9"),
    ("another name", Post.files + [("run.sh", "#!/bin/sh")], "payload", "5.2"),
    ("a name that leads out", Post.files + [("../../evil", "")], "payload", "5.2"),
    ("an absolute name", Post.files + [("/tmp/evil", "")], "payload", "5.2"),
    ("the same name twice", Post.files + [("requests/000001.json", "{}")], "payload", "5.2"),
    ("a hidden name", Post.files + [("requests/.000001.json.00000000.tmp", "")], "payload", "5.2"),
    ("another kind", manifest(#"{"airlock":"job"}"#), "type", "5.7"),
    ("no kind", manifest("{}"), "type", "5.7"),
    ("no JSON", manifest("{"), "payload", "5.6"),
    ("a list", manifest("[]"), "payload", "5.6"),
    ("a key twice", manifest(#"{"airlock":"mts-request","airlock":"job"}"#), "payload", "5.6"),
    ("another count", manifest(#"{"airlock":"mts-request","records":3}"#), "payload", "5.8"),
    ("a count as text", manifest(#"{"airlock":"mts-request","records":"2"}"#), "payload", "5.8"),
    ("another sequence", manifest(#"{"airlock":"mts-request","sequence":2}"#), "payload", "5.8"),
    (
      "a manifest too long", manifest(Post.manifest + String(repeating: " ", count: 1 << 20)),
      "payload", "5.6"
    ),
  ]

  private static func manifest(_ text: String) -> [(String, String)] {
    [("manifest.json", text)] + Post.files.dropFirst()
  }

  @Test func `fault 53, 58: a payload that is not what its header says leaves nothing`() throws {
    for (what, files, wanted, _) in ForgedTests.contents {
      let post = try Post()
      try post.publish(post.spool(files))
      #expect(try post.failure() == wanted, "\(what)")
    }
  }

  @Test func `fault 56: a payload that is no tar is refused`() throws {
    for bytes in [[], [1], pattern(100_000), Array(repeating: 0, count: 70_000)] as [[UInt8]] {
      let post = try Post()
      try post.publish(post.spool(bytes: bytes))
      #expect(try post.failure() == "payload")
    }
  }

  @Test func `fault 54: a bomb is refused`() throws {
    let zeros = String(repeating: "0", count: 1 << 20)
    try post.publish(post.spool([Post.files[0], ("requests/000001.json", zeros), Post.files[2]]))
    let limits = failureClass {
      try post.verified().open(post.mts, into: post.opened, limits: .init(expandedBytes: 1 << 16))
    }
    #expect(limits == "payload")
    #expect(try post.names() == ["outbox"])
  }

  @Test func `a kind other than the expected one is refused by type`() throws {
    try post.publish(nil, post.draft { $0.kind = .mtsResults })
    #expect(code { try post.verified().require(.mtsRequest) } == "kind_unexpected")
    #expect(code { try post.verified().require(.mtsResults) } == nil)
  }
}
