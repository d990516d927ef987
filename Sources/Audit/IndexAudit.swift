internal import Archives
internal import Faults
internal import Files
internal import JSONText
internal import Keys
internal import Ledger
internal import Secrets

/// Reads a stream's index, and holds it against the ledger, from which every word of it follows.
struct IndexAudit {
  private let stream: String
  private let story: LedgerStory
  private let keys: KeyAudit
  private var signed: (index: StreamIndex, by: KeyName, id: SigningKeyID)?
  private let hasFolder: Bool
  private(set) var findings: [Finding] = []
  private var subject: String { "\(stream)/\(StreamIndex.fileName)" }

  init(_ stream: String, in folder: Folder?, _ story: LedgerStory, _ keys: KeyAudit) {
    (self.stream, self.story, self.keys) = (stream, story, keys)
    hasFolder = folder != nil
    if let folder { read(folder) }
  }

  /// Archives that the site's own index says were visible; none when it cannot be believed.
  var shown: Set<Digest> {
    guard let signed, signed.index.stream.text == stream,
      story.site.map({ $0.name == signed.by.text }) ?? true
    else { return [] }
    return Set(signed.index.archives.map(\.digest) + [signed.index.head?.digest].compactMap(\.self))
  }

  private mutating func read(_ folder: Folder) {
    do {
      let unverified = try UnverifiedDocument(
        StreamIndex.fileName, in: folder, kind: .index, limit: StreamIndex.maxBytes)
      let document = try unverified.verified(byOneOf: keys.cards)
      signed = (try StreamIndex(document), document.sender, unverified.senderKeyID)
    } catch let fault as any Fault {
      let isMissing = (fault as? FileFault)?.kind == .notFound
      if FindingClass(fault) == .unreadable {
        findings.append(Finding(.unreadable, fault.code, subject, fault.message))
        return
      }
      note(
        isMissing ? "index_missing" : fault.code,
        isMissing ? "the stream has no index" : fault.message)
    } catch {
      note("index_format", "\(error)")
    }
  }

  /// - Parameter recorded: the stream's archives that are visible or retired, by their numbers.
  mutating func compare(_ recorded: [LedgerStory.Archive]) {
    guard let signed else {
      if !hasFolder, !recorded.isEmpty { note("index_missing", "the stream has no index") }
      return
    }
    checkSigner(signed.by, signed.id, made: story.end ?? keys.time)
    let index = signed.index
    if index.stream.text != stream { note("index_stream", "it is the index of another stream") }
    let head = recorded.last.map {
      StreamPosition(sequence: $0.said.sequence, digest: $0.said.digest)
    }
    if index.head != head {
      note("index_head", "it does not end with archive \(head?.sequence ?? 0)")
    }
    compare(index.archives, recorded.filter { story.retired[$0.key] == nil })
    let retired = recorded.filter { story.retired[$0.key] != nil }.map(\.said.sequence)
    if index.retired != StreamIndex.ranges(of: retired) {
      note("index_retired", "it lists other archives as retired than the ledger does")
    }
  }

  /// An index tells no time: it is as young as the ledger, since a run signs it anew.
  private mutating func checkSigner(_ name: KeyName, _ id: SigningKeyID, made: UTCTime) {
    if let site = story.site, site.name != name.text {
      note("other_sender", "\(name) signed the index of \(site.name)")
    }
    let finding = keys.finding(id, name, for: .archives, made: made, story, subject: subject)
    if let finding { findings.append(finding) }
  }

  private mutating func compare(
    _ archives: [StreamIndex.Archive], _ wanted: [LedgerStory.Archive]
  ) {
    let listed = Dictionary(archives.map { ($0.sequence, $0) }) { first, _ in first }
    let differing = wanted.filter {
      let said = StreamIndex.Archive($0.said)
      return said == nil || listed[$0.said.sequence] != said
    }.map(\.key)
    if !differing.isEmpty {
      note("index_differs", "\(differing.count) archives are missing in it or differ", differing)
    }
    let surplus = Set(listed.keys).subtracting(wanted.map(\.said.sequence))
    if !surplus.isEmpty {
      note("index_surplus", "it lists \(surplus.count) that the ledger does not")
    }
  }

  private mutating func note(_ code: String, _ message: String, _ keys: [ArchiveKey] = []) {
    findings.append(Finding(.index, code, subject, message, keys))
  }
}

extension StreamIndex.Archive {
  /// What an index should say of an archive; nil for what no index can say.
  fileprivate init?(_ said: LedgerArchive) {
    guard let kind = ArchiveKind(rawValue: said.kind), let job = ArchiveLabel(said.job) else {
      return nil
    }
    self.init(
      sequence: said.sequence, file: said.file, kind: kind, digest: said.digest,
      previous: said.previous, bytes: said.bytes, records: said.records, job: job,
      created: said.created)
  }
}
