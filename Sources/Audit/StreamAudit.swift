internal import Archives
internal import Files
internal import Keys
internal import Ledger
internal import Secrets

/// Holds one stream's files against what the ledger says of it.
struct StreamAudit {
  let name: String
  private let recorded: [LedgerStory.Archive]
  private let story: LedgerStory
  private let keys: KeyAudit
  /// The entries that the auditor had seen signed before.
  private let kept: Int64
  private let seen: [EntryName: SeenArchive]
  private let digests: Set<Digest>
  private let shown: Set<Digest>
  private(set) var states: [ArchiveKey: AuditedArchive.State] = [:]
  private(set) var findings: [Finding] = []

  /// - Parameters:
  ///   - recorded: the stream's archives, by their numbers.
  ///   - shown: what was visible once, by the stream's signed index.
  init(
    _ name: String, _ recorded: [LedgerStory.Archive], _ seen: [SeenArchive],
    _ shown: Set<Digest>, _ story: LedgerStory, _ keys: KeyAudit, kept: Int64 = 0
  ) {
    (self.name, self.shown, self.kept) = (name, shown, kept)
    self.recorded = recorded
    (self.story, self.keys) = (story, keys)
    self.seen = Dictionary(seen.map { ($0.file, $0) }) { first, _ in first }
    digests = Set(seen.compactMap(\.digest))
    checkOrder()
    for archive in recorded {
      check(archive)
      guard let finding = keys.revokedRecipient(archive, story) else { continue }
      if states[archive.key] == .here { states[archive.key] = .doubtful }
      findings.append(finding)
    }
    let known = Set(recorded.compactMap { try? EntryName($0.said.file) })
    for file in seen where !known.contains(file.file) { judge(stranger: file) }
  }

  // MARK: the ledger in itself

  private mutating func checkOrder() {
    var last: LedgerStory.Archive?
    for archive in recorded {
      let wanted = (last?.said.sequence ?? 0) + 1
      if archive.said.sequence > wanted {
        note(gap: wanted...(archive.said.sequence - 1))
      } else if archive.said.previous != last?.said.digest {
        note(
          .forked, "forked", archive.said.file,
          "archive \(archive.said.sequence) continues another one than \(wanted - 1)",
          [archive.key])
      }
      if let last, last.entry > archive.entry {
        note(
          .reordered, "reordered", archive.said.file,
          "archive \(archive.said.sequence) was recorded before \(last.said.sequence)",
          [archive.key])
      }
      last = archive
    }
  }

  private mutating func note(gap: ClosedRange<Int64>) {
    let numbers =
      gap.count == 1
      ? "archive \(gap.lowerBound)" : "archives \(gap.lowerBound) to \(gap.upperBound)"
    findings.append(
      Finding(
        .missing, "sequence_gap", name, "\(numbers) of the stream stand nowhere in the ledger",
        more: .init(archives: gap.count)))
  }

  // MARK: what was recorded

  private mutating func check(_ archive: LedgerStory.Archive) {
    let file = try? EntryName(archive.said.file)
    guard let file, let found = seen[file] else { return judge(absent: archive) }
    switch found.state {
    case .gone: judge(absent: archive)
    case .refused(let kind, let code, let message):
      states[archive.key] = .doubtful
      note(kind, code, archive.said.file, message, [archive.key])
    case .sound(let header, let digest, let bytes):
      guard digest == archive.said.digest else { return judge(found, inPlaceOf: archive) }
      let differences = archive.said.differences(from: header, bytes: bytes)
      states[archive.key] = differences.isEmpty ? .here : .doubtful
      if !differences.isEmpty {
        note(
          .ledger, "entry_differs", archive.said.file,
          "entry \(archive.entry) differs from the archive in: "
            + differences.joined(separator: ", "), [archive.key])
      }
      if story.retired[archive.key] != nil {
        note(.remark, "retired_and_here", archive.said.file, "it is retired, and still here")
      }
      check(header.sender, of: archive)
    }
  }

  private mutating func check(_ sender: ArchiveHeader.Sender, of archive: LedgerStory.Archive) {
    let finding = keys.finding(
      sender.keyID, sender.name, for: .archives, made: archive.said.created, entry: archive.place,
      story, subject: "\(name)/\(archive.said.file)", [archive.key])
    guard let finding else { return }
    states[archive.key] = .doubtful
    findings.append(finding)
  }

  /// Soundly signed, and not what was recorded under this name.
  private mutating func judge(_ found: SeenArchive, inPlaceOf archive: LedgerStory.Archive) {
    states[archive.key] = .doubtful
    if found.key == archive.key {
      note(
        .forked, "forked", archive.said.file,
        "two archives with number \(archive.said.sequence) were signed; this is not the one in "
          + "entry \(archive.entry)", [archive.key])
    } else {
      judge(moved: found, keys: [archive.key])
    }
  }

  private mutating func judge(absent archive: LedgerStory.Archive) {
    let key = archive.key
    if story.retired[key] != nil {
      states[key] = .retired
    } else if digests.contains(archive.said.digest) {
      // It is there under another name, and told of there.
      states[key] = .doubtful
    } else if key == recorded.last?.key, story.receipts[key] == nil,
      !shown.contains(archive.said.digest), story.lastWork <= archive.entry,
      archive.entry > kept
    {
      states[key] = .pending
      note(
        .remark, "not_visible_yet", archive.said.file,
        "the stream's last archive is recorded, and not visible yet; if the registry is not at "
          + "work, it is missing", [key])
    } else {
      states[key] = .missing
      note(.missing, "missing", archive.said.file, "it left, and is not here", [key])
    }
  }

  // MARK: what was not recorded

  private mutating func judge(stranger: SeenArchive) {
    let touched = Finding.Touched(archives: 1, records: stranger.records)
    switch stranger.state {
    case .gone: break
    case .refused(let kind, let code, let message):
      let kind = kind == .unreadable ? kind : .extra
      note(kind, code, shown(stranger), "it is not in the ledger, and \(message)", more: touched)
    case .sound:
      guard let key = stranger.key, let archive = story.archives[key] else {
        return note(
          .extra, "not_recorded", shown(stranger), "its sender signed it, and no entry records it",
          more: touched)
      }
      if stranger.digest == archive.said.digest {
        judge(moved: stranger, keys: [key])
      } else {
        note(
          .forked, "forked", shown(stranger),
          "two archives with number \(key.sequence) of \(key.stream) were signed", [key])
      }
    }
  }

  private mutating func judge(moved found: SeenArchive, keys: [ArchiveKey]) {
    let place = found.key.map { "archive \($0.sequence) of \($0.stream)" } ?? "another archive"
    note(.reordered, "misnamed", shown(found), "this is \(place)", keys)
  }

  private func shown(_ found: SeenArchive) -> String { found.file.description }

  private mutating func note(
    _ kind: FindingClass, _ code: String, _ file: String, _ message: String,
    _ keys: [ArchiveKey] = [], more: Finding.Touched = .init()
  ) {
    findings.append(Finding(kind, code, "\(name)/\(file)", message, keys, more: more))
  }
}
