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
    for index in stream(sound)..<sound.count
    where Post.isWorthwhile(index, behind: stream(sound)) {
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
      recipients: [recipient], commitment: try KeyCommitment(to: key), payloadBytes: 2 * 65_536)
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

  /// The vectors have these and many more; here our own writer made them.
  static let contents: [(String, [(String, String)], String)] = [
    ("no manifest", Array(Post.files.dropLast()), "payload"),
    ("a request too few", Array(Post.files.dropFirst()), "payload"),
    ("another name", Post.files + [("run.sh", "#!/bin/sh")], "payload"),
    ("a name that leads out", [("../../evil", "")] + Post.files, "payload"),
    ("the same name twice", [Post.files[0]] + Post.files, "payload"),
    ("another order", Array(Post.files.reversed()), "payload"),
    ("another kind", manifest("{\"airlock\":\"job\"}\n"), "payload"),
    ("no JSON", manifest("{"), "payload"),
    ("another count", manifest("{\"airlock\":\"mts-request\",\"records\":3}\n"), "payload"),
    (
      "a manifest too long", manifest(Post.manifest + String(repeating: " ", count: 1 << 20)),
      "payload"
    ),
  ]

  private static func manifest(_ text: String) -> [(String, String)] {
    Post.files.dropLast() + [("manifest.json", text)]
  }

  @Test func `fault 53, 58: a payload that is not what its header says leaves nothing`() throws {
    for (what, files, wanted) in ForgedTests.contents {
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
    try post.publish(post.spool([("requests/000001.json", zeros)] + Post.files.dropFirst()))
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

  /// Two file keys, one for each of two recipients, under which the same bytes are authentic, and mean
  /// something else: what `crypto_secretstream` alone would let pass.
  @Test func `a file key that the header does not commit to opens nothing`() throws {
    let (forge, other) = (try Forge(post), try Forge(post))
    let recipients = [
      try forge.recipient(post.audit.card), try other.recipient(post.mts.card),
    ]
    try post.publish()
    let reader = try post.verified().payload(for: post.mts)
    let room = ChunkBuffer(count: 65_536)
    let payload = Array(room.prefix(try reader.read(into: room.bytes)))
    let header = try forge.header(payload: Int64(payload.count), to: recipients)
    try post.forge(forge.archive(header, [payload], final: 0))
    #expect(code { try post.verified().open(post.mts, into: post.opened) } == "key_not_committed")
    #expect(code { try post.verified().open(post.audit, into: post.opened) } == nil)
  }

  @Test func `an archive with a hole is refused before it is read`() throws {
    try post.publish()
    let sound = try post.bytes()
    let file = try FileHandle(forWritingTo: URL(filePath: post.archive))
    let header = try ArchiveHeader(parsing: Array(sound[19..<(stream(sound) - 1)]))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data(sound.prefix(stream(sound))))
    try file.truncate(atOffset: UInt64(sound.count))
    try file.close()
    #expect(header.payloadBytes == 4_096)
    #expect(code { try post.verified() } == "archive_sparse")
  }

  @Test func `a signature of another header is refused before the file is hashed`() throws {
    try post.publish()
    let sound = try post.bytes()
    try post.forge(sound, comment: "airlock mts-request")
    // Whoever hashed it would find the hole first.
    let file = try FileHandle(forWritingTo: URL(filePath: post.archive))
    try file.truncate(atOffset: UInt64(stream(sound)))
    try file.truncate(atOffset: UInt64(sound.count))
    #expect(code { try post.verified() } == "comment_differs")
  }
}
