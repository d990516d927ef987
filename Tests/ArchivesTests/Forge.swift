import JSONText
import Keys
import Secrets

@testable import Archives

/// Builds archives by hand, from a header and chunks as one likes them.
struct Forge {
  let post: Post
  let key: SecretBytes

  init(_ post: Post) throws {
    self.post = post
    key = try SecretBytes.random(count: 32)
  }

  func recipient(_ card: Card, sealedTo other: Card? = nil) throws -> ArchiveHeader.Recipient {
    ArchiveHeader.Recipient(
      name: card.name, fingerprint: card.fingerprint,
      sealedKey: try (other ?? card).sealing.seal(key))
  }

  func header(
    payload: Int64, to recipients: [ArchiveHeader.Recipient]? = nil, _ draft: ArchiveDraft? = nil
  ) throws -> ArchiveHeader {
    ArchiveHeader(
      draft: try draft ?? post.draft(),
      sender: .init(name: post.registry.name, keyID: post.registry.card.keyID),
      recipients: try recipients ?? [recipient(post.mts.card)],
      commitment: try KeyCommitment(to: key), payloadBytes: payload)
  }

  /// The chunks before `final`, then that one with its mark, if there is one; then bytes as they are.
  func archive(_ header: ArchiveHeader, _ chunks: [[UInt8]], final: Int, rest: [UInt8] = []) throws
    -> [UInt8]
  {
    let preamble = try header.preamble()
    let context = Digest(of: preamble).bytes
    let room = ChunkBuffer(count: ArchiveLayout.sealedChunk)
    var writer = try SecretStreamWriter(key: key)
    var bytes = preamble + writer.header
    for chunk in chunks[..<final] {
      let plain = ChunkBuffer(chunk)
      let size = writer.push(plain.prefix(chunk.count), bound: context, into: room.bytes)
      withExtendedLifetime(plain) { bytes += room.prefix(size) }
    }
    guard final < chunks.count else { return bytes + rest }
    let plain = ChunkBuffer(chunks[final])
    let size = writer.finish(plain.prefix(chunks[final].count), bound: context, into: room.bytes)
    withExtendedLifetime(plain) { bytes += room.prefix(size) }
    return bytes + rest
  }
}
