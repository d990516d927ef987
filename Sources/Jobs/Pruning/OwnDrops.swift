import Files
import JSONText
import Store

/// Drops of our own that no job asks for: a run of a VID-deletion policy (`NAME-TIME.prune`, whose
/// bytes are the policy's file), and a patch that tells the registry of tokens (`STREAM-TIME.patch`).
/// From here on they go the way of every drop, and a killed process goes on with them.
struct OwnDrops {
  private let site: Site
  private let journal: Journal
  private let clock: WallClock

  init(_ processing: DropProcessing) {
    (site, journal, clock) = (processing.site, processing.journal, processing.clock)
  }

  enum Kind: String {
    case prune, patch
  }

  /// The name has the second of its beginning; of two in one second, the later has the next one.
  /// - Returns: nil if a minute's names are taken.
  func begin(_ kind: Kind, of name: String, _ text: [UInt8]) throws -> Drop? {
    let now = clock.now
    for seconds in 0..<60 {
      let time = UTCTime(clamping: now.seconds + Int64(seconds))
      let drop = "\(name)-\(time.compact).\(kind.rawValue)"
      let claim = ScheduledRuns.prefix + drop
      guard try !journal.knows(claim: claim) else { continue }
      try AtomicFile.write(text, as: EntryName(claim), in: site.claimed, replacing: true)
      return try journal.begin(own: drop, claim: claim, at: now.text)
    }
    return nil
  }
}

extension Drop {
  /// What a drop of our own is; nil for any other.
  var ownKind: OwnDrops.Kind? {
    guard origin == .schedule, job == nil, let dot = name.lastIndex(of: ".") else { return nil }
    return OwnDrops.Kind(rawValue: String(name[name.index(after: dot)...]))
  }

  /// The policy, or the stream, that a drop of our own is named by.
  var ownName: String {
    name.lastIndex(of: "-").map { String(name[..<$0]) } ?? name
  }
}

extension UTCTime {
  /// `20261122T100000Z`
  var compact: String { text.filter { $0 != "-" && $0 != ":" } }
}
