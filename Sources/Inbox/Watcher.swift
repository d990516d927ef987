package import Faults
import Files
package import Jobs
package import Keys
package import Policies
import Store

/// The one process that works on a site. Holds the site's lock for as long as it lives.
package final class Watcher {
  private let site: Site
  private let lock: FolderLock
  private let claiming: Claiming
  private let processing: DropProcessing
  private let report: (Verdict.Summary) -> Void
  private let complain: (any Fault) -> Void
  private var scan: InboxScan

  /// Locks the site, and finishes what an earlier process left.
  /// - Parameters:
  ///   - quiet: how long a drop must hold still; nil for what the policy says.
  ///   - report: told of each verdict as it is delivered.
  ///   - complain: told of what stands in one drop's way; the others go on.
  /// - Throws: `locked` if another process works on the site; `inbox_unmounted`.
  package init(
    _ site: Site, signer: Identity, clock: WallClock, quiet: Duration?,
    report: @escaping (Verdict.Summary) -> Void, complain: @escaping (any Fault) -> Void
  ) throws {
    self.site = site
    self.report = report
    self.complain = complain
    lock = try FolderLock("lock", in: site.store)
    let journal = try Journal(in: site.store)
    claiming = Claiming(site: site, journal: journal, clock: clock)
    processing = DropProcessing(site: site, journal: journal, signer: signer, clock: clock)
    scan = InboxScan(site.inbox, quiet: quiet ?? PolicyInForce.read(site).intake.quiet)
    try requireInbox()
    try recover()
  }

  /// One pass: waits until what lies in the inbox now has held still, and works on it.
  /// - Returns: how many files kept changing and were left.
  package func pass(_ pacing: some Pacing, patience: Duration = .seconds(600)) throws -> Int {
    let start = pacing.now
    var present: Set<EntryName>?
    while true {
      let look = try takeReady(at: pacing.now)
      let waiting = present.map { $0.intersection(look.waiting) } ?? look.waiting
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
    while true {
      do {
        try requireInbox()
        _ = try takeReady(at: pacing.now)
      } catch let fault as any Fault where fault.blame == .environment {
        complain(fault)
      }
      let next = scan.nextMoment(after: pacing.now) ?? poll
      let due = (try? processing.schedule.untilNext()) ?? poll
      guard pacing.wait(upTo: min(next, due, poll)) else { return }
    }
  }

  /// Claims what is complete and brings it to its end.
  private func takeReady(at now: ContinuousClock.Instant) throws -> InboxScan.Look {
    let look = try scan.look(at: now)
    for name in look.ready {
      do { _ = try claiming.claim(name) } catch let fault as FileFault { complain(fault) }
    }
    try processing.finishAll(report, complain: complain)
    // After the drops: a snapshot that has just come counts, and so does a manifest that stops.
    if try processing.schedule.begin() > 0 {
      try processing.finishAll(report, complain: complain)
    }
    return look
  }

  private func recover() throws {
    try processing.schedule.recover()
    try claiming.recover()
    try processing.finishAll(report, complain: complain)
    for folder in [site.accepted, site.rejected, site.store] { _ = try folder.removeLeftovers() }
    for stream in try site.outbox.names() where !stream.isUpload {
      if let folder = try? site.outbox.subfolder(stream) { _ = try folder.removeLeftovers() }
    }
  }

  /// An inbox without its marker is an empty mount point, or not an inbox at all.
  private func requireInbox() throws {
    guard try site.inbox.isInPlace(), try site.inbox.exists(Site.marker) else {
      throw InboxFault(
        code: "inbox_unmounted",
        message:
          "the inbox is not where it was, or its marker file (inbox/.airlock-inbox) is missing",
        hint: "is its file system mounted? if this is a new inbox, run: airlock init")
    }
  }
}

/// The inbox cannot be worked on.
package struct InboxFault: Fault {
  package let code: String
  package let message: String
  package let hint: String?
  package var blame: Blame { .environment }
}
