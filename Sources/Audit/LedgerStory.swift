internal import JSONText
internal import Ledger
internal import Secrets

/// What a ledger tells, entry by entry, as far as an audit asks.
struct LedgerStory {
  /// Where something is recorded, and when that was.
  struct Place {
    let entry: Int64
    let at: UTCTime
  }

  struct Archive {
    let entry: Int64
    let at: UTCTime
    let said: LedgerArchive
    var place: Place { Place(entry: entry, at: at) }
    var key: ArchiveKey { ArchiveKey(stream: said.stream, sequence: said.sequence) }
  }

  struct PolicyRun {
    let place: Place
    let said: LedgerPolicyRun
  }

  struct Receipt {
    let state: String
    let by: String
    let digest: String
  }

  private(set) var site: (name: String, keyID: String, fingerprint: String)?
  private(set) var archives: [ArchiveKey: Archive] = [:]
  /// As they were recorded.
  private(set) var order: [ArchiveKey] = []
  private(set) var receipts: [ArchiveKey: [Receipt]] = [:]
  /// Where a retired archive went: `kept` or `removed`.
  private(set) var retired: [ArchiveKey: String] = [:]
  private(set) var runs: [ArchiveKey: AuditedArchive.Run] = [:]
  private(set) var policyRuns: [PolicyRun] = []
  /// Key ids, and the entry from which on they are revoked.
  private(set) var revoked: [String: Int64] = [:]
  /// Fingerprints of 64 hex digits, and the entry from which on they are revoked.
  private(set) var revokedPrints: [String: Int64] = [:]
  /// Of the site's own keys, by their ids: the entry with which another took its place.
  private(set) var superseded: [String: (entry: Int64, at: UTCTime)] = [:]
  private var current: String?
  /// The latest time that the ledger or its checkpoint tells.
  private(set) var end: UTCTime?
  /// The last entry of a drop, a run of a job or policy, or an archive; what a run says of its own archive is none.
  private(set) var lastWork: Int64 = 0
  private(set) var findings: [Finding] = []

  mutating func reach(_ time: UTCTime) { end = max(end ?? time, time) }

  mutating func take(_ entry: LedgerEntry) {
    let what = entry.what
    switch entry.kind {
    case .site:
      site = (what.said("name"), what.said("key_id"), what.said("fingerprint"))
      current = what.said("key_id")
      if entry.number != 1 { object(entry, "site", "a second site begins here") }
    case .archive:
      lastWork = entry.number
      take(archive: entry)
    case .drop: lastWork = entry.number
    case .policyRun:
      lastWork = entry.number
      take(policyRun: entry)
    case .receipt:
      receipts[key(what), default: []].append(
        Receipt(state: what.said("state"), by: what.said("by"), digest: what.said("digest")))
    case .retired: retired[key(what)] = what.said("to")
    case .run:
      if archives[key(what)] == nil { lastWork = entry.number }
      runs[key(what)] = AuditedArchive.Run(
        version: what["version"]?.integer ?? 0, matched: what["matched"]?.integer ?? 0,
        conditions: conditions(what["conditions"]))
    case .keys where what.said("change") == "revoked":
      revoked[what.said("key_id")] = revoked[what.said("key_id")] ?? entry.number
      let print = what.said("fingerprint").filter { $0 != " " }
      if !print.isEmpty { revokedPrints[print] = revokedPrints[print] ?? entry.number }
    case .keys where what.said("change") == "rotated" && what.said("name") == site?.name:
      let next = what.said("key_id")
      if let current, current != next { superseded[current] = (entry.number, entry.at) }
      superseded[next] = nil
      current = next
    case .keys where what.said("change") == "changed" && what.said("name") == site?.name:
      current = what.said("key_id")
      superseded[what.said("key_id")] = nil
    default: break
    }
  }

  private mutating func take(archive entry: LedgerEntry) {
    do {
      let archive = Archive(entry: entry.number, at: entry.at, said: try LedgerArchive(entry))
      let key = archive.key
      if let before = archives[key] {
        findings.append(
          Finding(
            .forked, "recorded_twice", "entry \(entry.number)",
            "archive \(key.sequence) of \(key.stream) stands in entry \(before.entry) already",
            [key]))
        return
      }
      archives[key] = archive
      order.append(key)
    } catch {
      object(entry, error.code, error.message)
    }
  }

  private mutating func take(policyRun entry: LedgerEntry) {
    do {
      policyRuns.append(
        PolicyRun(
          place: Place(entry: entry.number, at: entry.at), said: try LedgerPolicyRun(entry)))
    } catch {
      object(entry, error.code, error.message)
    }
  }

  private mutating func object(_ entry: LedgerEntry, _ code: String, _ message: String) {
    findings.append(Finding(.ledger, code, "entry \(entry.number)", message))
  }

  private func key(_ what: JSON) -> ArchiveKey {
    ArchiveKey(stream: what.said("stream"), sequence: what["sequence"]?.integer ?? 0)
  }

  private func conditions(_ list: JSON?) -> [String] {
    (list?.elements ?? []).map { condition in
      (condition.elements ?? []).compactMap(\.text).joined(separator: " ")
    }
  }
}

extension JSON {
  /// A member's text; empty where there is none.
  fileprivate func said(_ key: String) -> String { self[key]?.text ?? "" }
}
