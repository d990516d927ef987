import Files
import Foundation
import Keys
import Secrets
import Testing

@testable import Archives

/// Archives of more than one chunk, up to the most that there can be.
@Suite struct LargeTests {
  let post: Post

  init() throws { post = try Post() }

  @Test(arguments: [256, 257, 258])
  func `fault 48: hundreds of chunks, with and without a rest, come back whole`(chunks: Int) throws
  {
    let block = ChunkBuffer(pattern(65_536))
    let spool = try PayloadSpool(in: post.outbox)
    let (wanted, found) = (DigestStream(), DigestStream())
    var left = 0
    for index in 0..<chunks {
      let piece = block.prefix(index == chunks - 1 ? chunks % 2 * 65_535 + 1 : 65_536)
      try spool.write(piece)
      wanted.update(piece)
      left += piece.count
    }
    try post.publish(spool)
    let reader = try post.verified().payload(for: post.mts)
    let room = ChunkBuffer(count: 65_536)
    while case let count = try reader.read(into: room.bytes), count > 0 {
      // What comes behind are the zeros that fill it up.
      found.update(room.prefix(min(count, left)))
      left -= min(count, left)
    }
    #expect(reader.isComplete && wanted.finish() == found.finish())
  }

  /// Payload, chunks, and the plaintext of the last one.
  static let layouts: [(Int64, Int64, Int)] = [
    (0, 1, 0), (1, 1, 1), (65_535, 1, 65_535), (65_536, 1, 65_536), (65_537, 2, 1),
    (4 << 30, 65_536, 65_536), ((4 << 30) + 1, 65_537, 1), ((1 << 47) + 7, (1 << 31) + 1, 7),
    (ArchiveLayout.maxPayload - 1, 1 << 32, 65_535), (ArchiveLayout.maxPayload, 1 << 32, 65_536),
  ]

  @Test(arguments: layouts)
  func `fault 48: sizes beyond 4 GiB and chunks up to the 2^32th do not overflow`(
    payload: Int64, chunks: Int64, last: Int
  ) throws {
    let layout = ArchiveLayout(preambleCount: 1_000, payloadCount: payload)
    #expect(layout.chunks == chunks)
    #expect(ArchiveLayout.plainCount(chunks - 1, of: payload) == last)
    #expect(ArchiveLayout.plainCount(0, of: payload) == Int(min(payload, 65_536)))
    #expect(layout.fileCount == 1_024 + payload + 17 * chunks)
    try layout.check(fileCount: layout.fileCount)
    #expect(failureClass { try layout.check(fileCount: layout.fileCount - 1) } == "truncation")
    #expect(failureClass { try layout.check(fileCount: layout.fileCount + 1) } == "trailing_data")
  }

  @Test func `fault 54: what a header claims must be there, or nothing is read`() throws {
    let forge = try Forge(post)
    let few = try forge.header(payload: 4_096).preamble()
    let much = try forge.header(payload: 5 << 30).preamble()
    for (preamble, length, wanted) in [
      (few, 1 << 40, "trailing_data"), (much, 1_000, "truncation"), (much, 5 << 30, "truncation"),
    ] {
      try post.replace(preamble)
      let file = try FileHandle(forWritingTo: URL(filePath: post.archive))
      try file.truncate(atOffset: UInt64(length))
      #expect(failureClass { try UnverifiedArchive(path: post.archive) } == wanted)
    }
    let layout = ArchiveLayout(preambleCount: much.count, payloadCount: 5 << 30)
    try FileHandle(forWritingTo: URL(filePath: post.archive))
      .truncate(atOffset: UInt64(layout.fileCount))
    #expect(try UnverifiedArchive(path: post.archive).size == layout.fileCount)
  }
}

/// An archive of three chunks, changed where it hurts.
@Suite struct ThreeChunkTests {
  let post: Post
  let sound: [UInt8]
  /// Offsets near an edge: of the preamble, the stream's header, each chunk and each tag.
  let edges: [Int]
  let preamble: Int

  init() throws {
    post = try Post()
    try post.publish(post.threeChunks())
    let bytes = try post.bytes()
    let start = Post.headerEnd(bytes)
    let chunks = [0, 1, 2].map { start + 24 + $0 * 65_553 }
    let marks = [start, start + 24, bytes.count] + chunks + chunks.dropFirst().map { $0 - 17 }
    edges = Set(marks.flatMap { ($0 - 20)...($0 + 20) }).filter { $0 < bytes.count }.sorted()
    (sound, preamble) = (bytes, start)
  }

  private func offsets(_ count: Int) -> [Int] {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SplitMix(seed: seed)
    return (0..<count).map { _ in Int.random(in: preamble..<sound.count, using: &random) }
  }

  @Test func `fault 46: a flipped byte is refused, and leaves nothing`() throws {
    let file = try FileHandle(forUpdating: URL(filePath: post.archive))
    let inHeader: Set = ["header", "type", "truncation", "trailing_data", "signature"]
    var count = 0
    for offset in Array(0..<preamble) + edges + offsets(200) {
      for flip in [0x01, 0xFF] as [UInt8] {
        try file.write([sound[offset] ^ flip], at: offset)
        let found = try post.failure() ?? "opened"
        let wanted: Set = offset < 19 ? ["header"] : offset < preamble ? inHeader : ["signature"]
        #expect(wanted.contains(found), "byte \(offset) ^ \(flip): \(found)")
        count += 1
      }
      try file.write([sound[offset]], at: offset)
    }
    #expect(count > 2 * preamble)
    #expect(try post.failure() == nil)
  }

  @Test func `fault 45: an archive cut anywhere is refused as such`() throws {
    let file = try FileHandle(forUpdating: URL(filePath: post.archive))
    let lengths = Set(Array(0..<preamble) + edges + offsets(1_000)).sorted().reversed()
    for length in lengths {
      try file.truncate(atOffset: UInt64(length))
      #expect(try post.failure() == "truncation", "\(length) bytes")
    }
    #expect(lengths.count > preamble)
  }

  @Test func `fault 58: what fails at the last byte leaves no plaintext, though it is signed`()
    throws
  {
    let next = preamble + 24 + 65_553
    for offset in [sound.count - 1, sound.count - 17, next - 1, next, preamble + 24] {
      var altered = sound
      altered[offset] ^= 0xFF
      try post.forge(altered)
      #expect(try post.failure() == "payload", "byte \(offset)")
    }
  }

  @Test func `fault 47: chunks of another archive to the same recipient are refused`() throws {
    let other = try Post(registry: post.registry, mts: post.mts)
    try other.publish(other.threeChunks())
    let theirs = try other.bytes()
    try #require(theirs.count == sound.count)
    let first = preamble + 24
    for range in [
      first..<(first + 65_553), (first + 65_553)..<(first + 2 * 65_553), first..<sound.count,
    ] {
      try post.forge(Array(sound[..<range.lowerBound]) + theirs[range] + sound[range.upperBound...])
      #expect(try post.failure() == "payload")
    }
    try post.forge(Array(sound[..<preamble]) + theirs[preamble...])
    #expect(try post.failure() == "payload")
  }
}

extension FileHandle {
  fileprivate func write(_ bytes: [UInt8], at offset: Int) throws {
    try seek(toOffset: UInt64(offset))
    try write(contentsOf: Data(bytes))
  }
}
