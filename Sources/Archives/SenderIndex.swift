internal import Files
package import Keys
package import Secrets

/// What the sender's `INDEX.json` beside an archive says of the stream, as far as its order goes.
package struct SenderIndex: Sendable {
  /// The highest number that the sender made; nil for none.
  let head: StreamPosition?
  let archives: [Int64: Digest]

  package init(head: StreamPosition?, archives: [Int64: Digest]) {
    (self.head, self.archives) = (head, archives)
  }

  /// The index that lies in the archive's folder, if there is one of this stream.
  /// - Parameter senders: whose signatures count.
  /// - Throws: `KeysFault`, `FileFault` for one that is not sound: it proves nothing.
  package static func beside(
    _ archive: VerifiedArchive, at path: String, senders: [Card]
  ) throws -> SenderIndex? {
    let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let folder = try Folder(path: parent)
    guard try folder.exists(StreamIndex.fileName) else { return nil }
    let document = try UnverifiedDocument(
      StreamIndex.fileName, in: folder, kind: .index, limit: StreamIndex.maxBytes
    ).verified(byOneOf: senders.filter { $0.name == archive.sender.name })
    let index = try StreamIndex(document)
    guard index.stream == archive.header.draft.stream else { return nil }
    return SenderIndex(
      head: index.head,
      archives: Dictionary(uniqueKeysWithValues: index.archives.map { ($0.sequence, $0.digest) }))
  }

  /// Where it contradicts what was received, the archive at hand included.
  func contradiction(
    _ arrival: StreamPosition, _ ratchet: StreamRatchet
  ) -> OrderFinding.Contradiction? {
    if let last = ratchet.last, (head?.sequence ?? 0) < last.sequence {
      return .head(head?.sequence ?? 0)
    }
    let known = archives.merging(head.map { [$0.sequence: $0.digest] } ?? [:]) { $1 }
    return ([arrival] + ratchet.recent)
      .first { known[$0.sequence] != nil && known[$0.sequence] != $0.digest }
      .map { .entry($0.sequence) }
  }
}
