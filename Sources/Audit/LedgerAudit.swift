internal import Faults
internal import Files
internal import JSONText
internal import Keys
internal import Ledger
internal import Secrets

/// Reads the ledger in the outbox and holds it against its checkpoint, and that against the one that
/// the auditor kept. Entries behind the checkpoint are not believed: nobody signed them.
struct LedgerAudit {
  let keys: KeyAudit
  let earlier: Checkpoint?
  private(set) var story = LedgerStory()
  private(set) var findings: [Finding] = []
  private(set) var checkpoint: Checkpoint?
  /// Entries that were read and signed for.
  private(set) var entries: Int64 = 0
  private var unsigned: Int64 = 0
  /// What stands behind the checkpoint, held against each other; nil after a break.
  private var behind: LedgerChain?
  private var isBehindBroken = false
  private var last: UTCTime?
  private var leapsBack: [Int64] = []
  private var chain = LedgerChain()
  /// The last entry at which something broke: what stands up to here, no signature proves.
  private var broken: Int64?
  /// Whether the line before was no entry.
  private var isTorn = false

  /// Files of the ledger in memory at once: each may be large.
  private static let inFlight = 4

  init(keys: KeyAudit, earlier: Checkpoint?) {
    self.keys = keys
    self.earlier = earlier
  }

  /// - Throws: `FileFault` for what cannot be read.
  mutating func read(_ outbox: Folder) async throws {
    guard try outbox.exists(LedgerFolder.name) else {
      return object("ledger_missing", "LEDGER", "there is no ledger in this outbox")
    }
    let status = try outbox.status(of: LedgerFolder.name)
    if let status, status.kind != .folder {
      return object("not_a_folder", "LEDGER", "it is a \(status.kind.rawValue)")
    }
    let ledger = LedgerFolder(try outbox.subfolder(LedgerFolder.name))
    readCheckpoint(ledger)
    let (segments, strangers) = try ledger.files()
    for stranger in strangers {
      findings.append(
        Finding(.extra, "stranger", "LEDGER/\(stranger)", "this does not belong into a ledger"))
    }
    try await inOrder(segments.count, inFlight: Self.inFlight) { number in
      var lines: [LedgerLine] = []
      let fault = Self.fault(of: { try ledger.lines(of: segments[number]) { lines.append($0) } })
      return (segments[number], lines, fault)
    } take: { segment, lines, fault in
      for line in lines { take(line) }
      if let fault { skip(segment, fault) }
    }
    conclude()
  }

  private static func fault(of work: () throws -> Void) -> (any Fault)? {
    do {
      try work()
      return nil
    } catch let fault as any Fault {
      return fault
    } catch {
      return LedgerFault(.format, "\(error)")
    }
  }

  /// A file that is none, or cannot be read: what follows it is read on.
  private mutating func skip(_ segment: EntryName, _ fault: any Fault) {
    let kind = FindingClass(fault)
    findings.append(
      Finding(
        kind == .unreadable ? kind : .ledger, fault.code, "LEDGER/\(segment)", fault.message))
    guard let first = LedgerFolder.first(of: segment) else { return }
    var end = first + LedgerFolder.segment - 1
    if let checkpoint { end = min(end, checkpoint.head.entries) }
    guard end > chain.head?.entries ?? 0 else { return }
    broken = end
    isTorn = true
    chain = LedgerChain(after: LedgerHead(entries: end, hash: chain.head?.hash ?? Digest(of: [])))
  }

  private mutating func readCheckpoint(_ ledger: LedgerFolder) {
    do {
      let document = try ledger.checkpoint().verified(byOneOf: keys.cards)
      checkpoint = try Checkpoint(document)
    } catch let fault as any Fault {
      let isMissing = (fault as? FileFault)?.kind == .notFound
      if FindingClass(fault) == .unreadable {
        findings.append(
          Finding(.unreadable, fault.code, "LEDGER/CHECKPOINT.json", fault.message))
        return
      }
      object(
        isMissing ? "checkpoint_missing" : fault.code, "LEDGER/CHECKPOINT.json",
        isMissing ? "there is no checkpoint: nothing says how far the ledger goes" : fault.message)
    } catch {
      object("checkpoint_format", "LEDGER/CHECKPOINT.json", "\(error)")
    }
  }

  private mutating func take(_ line: LedgerLine) {
    let wanted = (chain.head?.entries ?? 0) + 1
    if let checkpoint, wanted > checkpoint.head.entries {
      return take(behind: line)
    }
    do throws(LedgerFault) {
      let entry = try line.entry.get()
      if isTorn, let before = entry.previous {
        // What the line before was is not known, but what it should have been.
        chain = LedgerChain(after: LedgerHead(entries: wanted - 1, hash: before))
      }
      isTorn = false
      try chain.take(entry)
      story.take(entry)
      entries += 1
      time(entry)
      compare(entry)
    } catch {
      broken = wanted
      object(error.code, "LEDGER/\(line.file), line \(line.line)", error.message)
      if case .failure = line.entry {
        isTorn = true
        let hash = chain.head?.hash ?? Digest(of: [])
        chain = LedgerChain(after: LedgerHead(entries: wanted, hash: hash))
      }
    }
  }

  /// Nobody signed for it yet; but a site writes nothing else there than its next entries.
  private mutating func take(behind line: LedgerLine) {
    guard !isBehindBroken else { return }
    do throws(LedgerFault) {
      let entry = try line.entry.get()
      var chain = behind ?? chain
      if !isTorn { try chain.take(entry) }
      behind = chain
      unsigned += 1
    } catch {
      isBehindBroken = true
      object(
        error.code, "LEDGER/\(line.file), line \(line.line)",
        "behind the checkpoint stands what is no entry of this ledger: \(error.message)")
    }
  }

  private mutating func time(_ entry: LedgerEntry) {
    if let last, entry.at.seconds + LedgerAudit.day < last.seconds {
      leapsBack.append(entry.number)
    }
    last = entry.at
    if entry.at <= keys.time { story.reach(entry.at) }
  }

  private static let day: Int64 = 86_400
  private static let minute: Int64 = 60

  /// Whoever signs anew with an old key may have to set the time back.
  private mutating func checkTimes() {
    if let first = leapsBack.first {
      findings.append(
        Finding(
          .remark, "time_goes_back", "entry \(first)",
          "it is more than a day older than the entry before; \(leapsBack.count) such entries"))
    }
    guard let checkpoint else { return }
    let (at, subject) = (checkpoint.at, "LEDGER/CHECKPOINT.json")
    if at <= keys.time { story.reach(at) }
    if let last, at.seconds + LedgerAudit.minute < last.seconds {
      object("checkpoint_time", subject, "it says \(at), and is older than its last entry, \(last)")
    } else if let earlier, at < earlier.at {
      object(
        "checkpoint_time", subject, "it says \(at), and the one that you kept \(earlier.at)")
    } else if at.seconds > keys.time.seconds + LedgerAudit.day {
      object("checkpoint_time", subject, "it says \(at), which is yet to come")
    }
  }

  private mutating func compare(_ entry: LedgerEntry) {
    if let checkpoint, checkpoint.head.entries == entry.number, checkpoint.head != entry.head {
      broken = entry.number
      object("ledger_forked", "entry \(entry.number)", "this is not the entry that was signed")
    }
    if let earlier, earlier.head.entries == entry.number, earlier.head != entry.head {
      object(
        "ledger_forked", "entry \(entry.number)",
        "this is not the entry of the checkpoint that you kept: history was written anew")
    }
  }

  private mutating func conclude() {
    let end = chain.head?.entries ?? 0
    if let checkpoint, end < checkpoint.head.entries {
      broken = checkpoint.head.entries
      object(
        "ledger_truncated", "LEDGER",
        "the ledger ends at entry \(end); \(checkpoint.head.entries) were signed for")
    }
    if let earlier, earlier.head.entries > min(end, checkpoint?.head.entries ?? end) {
      object(
        "ledger_rolled_back", "LEDGER/CHECKPOINT.json",
        "the checkpoint that you kept has \(earlier.head.entries) entries, this ledger \(end)")
    }
    if unsigned > 0 {
      findings.append(
        Finding(
          .remark, "not_signed_yet", "LEDGER",
          "\(unsigned) entries stand behind the checkpoint; they were not believed"))
    }
    checkTimes()
    checkSite()
    checkKey()
    findings += story.findings
    spread()
  }

  private mutating func checkSite() {
    guard entries > 0 else { return }
    guard let site = story.site else {
      return object("site", "entry 1", "the ledger does not begin with whose it is")
    }
    if let checkpoint, checkpoint.sender.text != site.name {
      object(
        "site", "entry 1",
        "this is the ledger of \(site.name), and \(checkpoint.sender) signed its checkpoint")
    }
  }

  private mutating func checkKey() {
    guard let checkpoint else { return }
    let finding = keys.finding(
      checkpoint.keyID, checkpoint.sender, for: .archives, made: story.end ?? checkpoint.at, story,
      subject: "LEDGER/CHECKPOINT.json")
    if let finding { findings.append(finding) }
  }

  private mutating func object(_ code: String, _ subject: String, _ message: String) {
    findings.append(Finding(.ledger, code, subject, message))
  }

  /// What broke the ledger touches all archives whose entries it no longer proves.
  private mutating func spread() {
    let last = checkpoint == nil ? Int64.max : broken ?? 0
    guard last > 0, let index = findings.firstIndex(where: { $0.kind == .ledger }) else { return }
    let touched = story.archives.values.filter { $0.entry <= last }.map(\.key)
    let first = findings[index]
    findings[index] = Finding(.ledger, first.code, first.subject, first.message, touched)
  }
}
