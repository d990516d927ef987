package import Files
internal import Glibc
internal import JSONText
internal import Secrets

/// `sent.json` beside an identity: the last number and digest of each stream that it sends results
/// on. Held by one process at a time from reading to writing.
package final class SentFile {
  private var streams: [String: StreamPosition]
  private let folder: Folder
  private let lock: FolderLock

  private static let name: EntryName = "sent.json"
  private static let limit = 1 << 20

  /// Where there is no file, nothing was sent; what cannot be read is never taken for that.
  /// - Throws: `replay` (`sent_damaged`), `FileFault`.
  package init(in folder: Folder) throws {
    lock = try FolderLock(".sent.lock", in: folder)
    self.folder = folder
    streams = [:]
    guard try folder.exists(Self.name) else { return }
    let rules = OpenRules(limit: Int64(Self.limit), owners: [geteuid(), 0], mustBePrivate: true)
    let text = try OpenFile(Self.name, in: folder, rules: rules).readAll()
    streams = try Self.streams(text)
  }

  /// What the next archive follows; nil where it is the first.
  package func last(of stream: ArchiveLabel) -> StreamPosition? { streams[stream.text] }

  /// Notes an archive before it is shown: a number is never given twice.
  package func note(_ position: StreamPosition, on stream: ArchiveLabel) throws(FileFault) {
    streams[stream.text] = position
    let list = streams.sorted { $0.key < $1.key }.map { stream, position -> JSON in
      [
        "stream": .string(stream), "sequence": .int(position.sequence),
        "digest": .string(position.digest.hex),
      ]
    }
    let document: JSON = ["airlock": "sent", "version": 1, "streams": .array(list)]
    try AtomicFile.write(
      document.pretty(), as: Self.name, in: folder, mode: 0o600, replacing: true)
  }

  private static func streams(_ text: [UInt8]) throws(ArchiveFault) -> [String: StreamPosition] {
    let json = try? JSONDocument(parsing: text, limits: JSONLimits(bytes: limit)).root.json
    guard json?["airlock"]?.text == "sent", json?["version"]?.integer == 1,
      let list = json?["streams"]?.elements
    else { throw damaged }
    var streams: [String: StreamPosition] = [:]
    for item in list {
      guard let stream = item["stream"]?.text, let sequence = item["sequence"]?.integer,
        ArchiveDraft.sequences.contains(sequence),
        let digest = item["digest"]?.text.flatMap({ Digest(hex: $0) }), streams[stream] == nil
      else { throw damaged }
      streams[stream] = StreamPosition(sequence: sequence, digest: digest)
    }
    return streams
  }

  private static let damaged = ArchiveFault(
    .replay, "sent_damaged", "sent.json beside the identity cannot be read",
    hint: "restore it: it holds the number and digest of the last archive of each stream")
}
