import Faults
import Secrets
import Testing

@Suite final class SecretStreamTests {
  let key: SecretBytes
  let context: [UInt8] = Array("context".utf8)
  private var held: [ChunkBuffer] = []

  init() throws { key = try SecretBytes.random(count: 32) }

  private func sealed(_ chunks: [[UInt8]]) throws -> (header: [UInt8], chunks: [[UInt8]]) {
    var writer = try SecretStreamWriter(key: key)
    let header = writer.header
    let room = ChunkBuffer(count: 70_000)
    var sealed: [[UInt8]] = []
    for chunk in chunks.dropLast() {
      let count = writer.push(whole(chunk), bound: context, into: room.bytes)
      sealed.append(Array(room.prefix(count)))
    }
    let count = writer.finish(whole(chunks.last ?? []), bound: context, into: room.bytes)
    return (header, sealed + [Array(room.prefix(count))])
  }

  private func opened(_ header: [UInt8], _ chunks: [[UInt8]], _ context: [UInt8]) throws -> [UInt8]
  {
    var reader = try SecretStreamReader(key: key, header: header)
    let room = ChunkBuffer(count: 70_000)
    var plain: [UInt8] = []
    for chunk in chunks.dropLast() {
      plain += room.prefix(try reader.pull(whole(chunk), bound: context, into: room.bytes))
    }
    let count = try reader.finish(whole(chunks.last ?? []), bound: context, into: room.bytes)
    return plain + room.prefix(count)
  }

  /// The chunk in memory that outlives the call.
  private func whole(_ chunk: [UInt8]) -> UnsafeRawBufferPointer {
    let buffer = ChunkBuffer(chunk)
    held.append(buffer)
    return buffer.prefix(chunk.count)
  }

  static let shapes: [[[UInt8]]] = [
    [[]], [[1]], [pattern(100), []], [pattern(65_536), pattern(65_536), pattern(3)],
  ]

  @Test(arguments: shapes)
  func `what was sealed is opened`(chunks: [[UInt8]]) throws {
    let stream = try sealed(chunks)
    #expect(try opened(stream.header, stream.chunks, context) == chunks.flatMap { $0 })
  }

  @Test func `fault 47: chunks moved, dropped, repeated, cut or bound otherwise are refused`()
    throws
  {
    let stream = try sealed([pattern(10), pattern(10), pattern(10)])
    let (head, c) = (stream.header, stream.chunks)
    let rows: [(String, [UInt8], [[UInt8]], [UInt8], String)] = [
      ("swapped", head, [c[1], c[0], c[2]], context, "chunk_refused"),
      ("dropped", head, [c[0], c[2]], context, "chunk_refused"),
      ("repeated", head, [c[0], c[0], c[1], c[2]], context, "chunk_refused"),
      ("cut off", head, [c[0], c[1]], context, "chunk_order"),
      ("after the last", head, [c[0], c[1], c[2], c[2]], context, "chunk_order"),
      ("cut short", head, [c[0], c[1], Array(c[2].dropLast())], context, "chunk_refused"),
      ("far too short", head, [[1, 2]], context, "chunk_refused"),
      ("other context", head, c, [], "chunk_refused"),
      ("other header", head.map { $0 ^ 1 }, c, context, "chunk_refused"),
      ("short header", Array(head.dropLast()), c, context, "stream_header"),
    ]
    for (name, header, chunks, context, wanted) in rows {
      #expect(code { try opened(header, chunks, context) } == wanted, "\(name)")
    }
  }

  @Test func `a key of another length is refused`() throws {
    let short = try SecretBytes.random(count: 31)
    #expect(code { try SecretStreamReader(key: short, header: []).isOpen() } == "bad_secret_key")
  }
}

extension SecretStreamReader {
  fileprivate consuming func isOpen() -> Bool { true }
}
