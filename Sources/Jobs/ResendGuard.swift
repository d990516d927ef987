import Files
import Language
import Store

/// Keeps a registrant from being sent twice: whose VID is out on the stream, unanswered, and before
/// its deadline, is left out. What is sent is noted for the next run.
package struct ResendGuard {
  private let hasher: VIDHasher?
  private let outstanding: Ahead<Set<VIDMark>>?
  private let seconds: Int64

  /// For a run, which notes what it sends.
  init(_ rule: ResendRule, on stream: String, _ site: Site, _ journal: Journal, at now: Int64)
    throws
  {
    hasher = try VIDHasher(in: site.store)
    seconds = Int64(rule.afterHours) * 3600
    // Read while the filter's sets are asked for.
    outstanding =
      rule.kind == .always
      ? nil
      : Ahead { try journal.outstanding(on: stream, at: now) }
  }

  /// For a dry run, which notes nothing and makes no key.
  init(previewing rule: ResendRule, on stream: String, _ site: Site, at now: Int64) throws {
    var (marks, hasher): (Set<VIDMark>, VIDHasher?) = ([], nil)
    if rule.kind == .pending, try site.store.exists("journal.sqlite") {
      marks = try Journal(reading: site.store).outstanding(on: stream, at: now)
      hasher = marks.isEmpty ? nil : try VIDHasher(in: site.store)
    }
    let known = marks
    (self.hasher, outstanding, seconds) = (hasher, Ahead { known }, 0)
  }

  /// An empty list for what an archive sends.
  func list(for entry: ArchiveEntry, at now: Int64) -> SentVIDs {
    SentVIDs(stream: entry.stream, sequence: entry.sequence, deadline: now + seconds)
  }

  /// What a run asks for each registrant.
  func look() throws -> Look {
    Look(hasher: hasher, outstanding: try outstanding?.value() ?? [])
  }

  struct Look {
    fileprivate let hasher: VIDHasher?
    fileprivate let outstanding: Set<VIDMark>

    /// Nil where nothing is noted and nothing is out.
    func mark(_ vid: UnsafeBufferPointer<UInt8>) -> VIDMark? { hasher?.mark(vid) }
    func isOut(_ mark: VIDMark) -> Bool { !outstanding.isEmpty && outstanding.contains(mark) }
  }
}
