package import Faults
import Files
package import Jobs
package import Keys
package import Policies
import Store

/// The one process that works on a site. Holds the site's lock for as long as it lives.
package final class Watcher {
  private var site: Site
  private let lock: FolderLock
  private let journal: Journal
  private let signer: Identity
  private var claiming: Claiming
  private(set) var processing: DropProcessing
  private let report: (Verdict.Summary) -> Void
  let complain: (any Fault) -> Void
  private let isBack: () -> Void
  private let clock: WallClock
  private var scan: InboxScan
  private var dropsPerPass: Int
  private var lastExpiry: ContinuousClock.Instant?

  /// Locks the site, and finishes what an earlier process left.
  /// - Parameters:
  ///   - quiet: how long a drop must hold still; nil for what the policy says.
  ///   - report: told of each verdict as it is delivered.
  ///   - complain: told of what stands in one drop's way; the others go on.
  ///   - isBack: told when the inbox is there again after it was away.
  /// - Throws: `locked` if another process works on the site; `inbox_unmounted`.
  package init(
    _ site: Site, signer: Identity, clock: WallClock, quiet: Duration?,
    report: @escaping (Verdict.Summary) -> Void, complain: @escaping (any Fault) -> Void,
    isBack: @escaping () -> Void = {}
  ) throws {
    self.site = site
    self.isBack = isBack
    self.report = report
    self.complain = complain
    lock = try FolderLock("lock", in: site.store)
    journal = try Journal(in: site.store) { clock.now }
    self.signer = signer
    claiming = Claiming(site: site, journal: journal, clock: clock)
    processing = try DropProcessing(site: site, journal: journal, signer: signer, clock: clock)
    self.clock = clock
    let limits = PolicyInForce.read(site).intake
    dropsPerPass = limits.dropsPerPass
    scan = InboxScan(site.inbox, quiet: quiet ?? limits.quiet, limits: limits)
    try site.requireInbox()
    try recover()
  }

  /// One pass: waits until what lies in the inbox now has held still, and works on it.
  /// - Returns: how many files kept changing and were left.
  package func pass(_ pacing: some Pacing, patience: Duration = .seconds(600)) throws -> Int {
    let start = pacing.now
    var present: Set<EntryName>?
    while true {
      let look = try takeReady(at: pacing.now)
      let waiting = present.map { $0.intersection(look.waiting) } ?? Set(look.waiting)
      present = waiting
      let isOver = start.duration(to: pacing.now) > patience
      if waiting.isEmpty && !look.isFull || isOver { return waiting.count }
      if look.isFull { continue }
      let next = scan.nextMoment(after: pacing.now) ?? .milliseconds(10)
      guard pacing.wait(upTo: min(next, .seconds(1))) else { return waiting.count }
    }
  }

  /// Passes without end, until the pacing says to stop.
  /// A fault of the environment is told of, and tried again.
  package func watch(_ pacing: some Pacing, poll: Duration) throws {
    var isAway = false
    while true {
      var isFull = false
      do {
        if isAway {
          try renew()
          isAway = false
          isBack()
        }
        isFull = try takeReady(at: pacing.now).isFull
      } catch let fault as any Fault where fault.blame == .environment {
        if (fault as? SiteFault)?.isFinal == true { throw fault }
        isAway = isAway || fault is InboxFault || (fault as? SiteFault)?.isAway == true
        complain(fault)
      }
      let next = isFull ? .zero : scan.nextMoment(after: pacing.now) ?? poll
      let due = (try? processing.schedule.untilNext()) ?? poll
      let look = (try? processing.policies.untilNext()) ?? poll
      guard pacing.wait(upTo: min(next, due, look, poll)) else { return }
    }
  }

  /// Claims what is complete and brings it to its end.
  private func takeReady(at now: ContinuousClock.Instant) throws -> InboxScan.Look {
    try renew()
    let look = try scan.look(at: now, seconds: clock.milliseconds() / 1000, most: dropsPerPass)
    // Once more, since a look at a large inbox takes its time.
    try renew()
    try claiming.recover()
    try claiming.claim(look.ready, complain: complain)
    try processing.finishAll(report, complain: complain)
    // After the drops: a snapshot that has just come counts, and so does a manifest that stops.
    if try processing.schedule.begin() > 0 {
      try processing.finishAll(report, complain: complain)
    }
    _ = try processing.policies.begin(complain: complain)
    try expire(at: now)
    try finish()
    return look
  }

  /// Works on from here with what the site's paths lead to now: another policy, other keys, another
  /// outbox count from the next drop on.
  private func renew() throws {
    guard let renewed = try site.renewed(for: signer.card) else { return }
    site = renewed
    claiming = Claiming(site: site, journal: journal, clock: clock)
    processing = try DropProcessing(site: site, journal: journal, signer: signer, clock: clock)
    scan.move(to: site.inbox)
    dropsPerPass = PolicyInForce.read(site).intake.dropsPerPass
  }

  /// Brings what was begun to its end, and tells of it.
  func finish() throws {
    try processing.finishAll(report, complain: complain)
    if try processing.tellRegistry(complain: complain) {
      try processing.finishAll(report, complain: complain)
    }
    try processing.records.settle(complain: complain)
  }

  /// Once an hour, what is older than the policy keeps it goes.
  private func expire(at now: ContinuousClock.Instant) throws {
    if let lastExpiry, lastExpiry.duration(to: now) < .seconds(3_600) { return }
    lastExpiry = now
    guard case .sound(let policy, _) = PolicyInForce.read(site) else { return }
    try Expiry(site, policy.retention, clock: clock).run()
    try ArchiveRetention(processing, complain: complain).run(policy)
  }

  private func recover() throws {
    // First of all: it may be a whole copy of the snapshot, whose room is needed, with VIDs that are erased.
    _ = try site.store.removeLeftovers()
    _ = try site.claimed.removeLeftovers()
    try processing.begin()
    try processing.schedule.recover()
    try claiming.recover()
    try processing.finishAll(report, complain: complain)
    _ = try site.accepted.removeLeftovers()
    try removeOldLeftovers(in: site.rejected)
    // A rotation of keys that was killed may have left a secret key under a hidden name.
    try removeOldLeftovers(in: site.keys)
    // A hidden archive may be owed to a drop that could not be ended now.
    let isOwed = try !processing.journal.unfinished().isEmpty
    for stream in try site.outbox.names() where !stream.isUpload && !isOwed {
      if let folder = try? site.outbox.subfolder(stream) { _ = try folder.removeLeftovers() }
    }
    if let archive = try? site.store.subfolder("archive") { _ = try archive.removeLeftovers() }
    try claiming.sweep()
    try ArchiveRetention(processing, complain: complain).finish()
    try processing.records.settle(complain: complain)
  }

  /// Operators write here without our lock: what is an hour old is nobody's any more.
  private func removeOldLeftovers(in folder: Folder) throws {
    let limit = clock.milliseconds() / 1000 - 3_600
    var names: [EntryName] = []
    try folder.scan {
      if $0.isStaged { names.append($0) }
      return names.count < 100_000
    }
    for name in names {
      guard let status = try folder.status(of: name), status.stamp.changed.seconds < limit else {
        continue
      }
      try folder.removeIfThere(name)
    }
  }
}
