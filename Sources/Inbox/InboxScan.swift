/// The watcher: notices complete drops, claims them by rename, and has them processed.
///
/// A file counts as complete when it has held still for the quiet time. Polling decides; change
/// hints only wake it early. The watcher reads no drop's content and knows no kind of drop. Must
/// never: take a file that is still being written, follow a link, or treat the absence of files as
/// meaning anything.
package import Files
import Jobs

/// One look after another at the inbox: which drops are complete.
package struct InboxScan {
  private let inbox: Folder
  private var stillness: Stillness

  package init(_ inbox: Folder, quiet: Duration) {
    self.inbox = inbox
    stillness = Stillness(quiet: quiet)
  }

  /// What one look found.
  package struct Look {
    /// Complete: to be claimed now, in the order of their names.
    package var ready: [EntryName] = []
    /// Still to be waited for.
    package var waiting: Set<EntryName> = []
    /// More are ready than one look reports.
    package var isFull = false
  }

  /// Looks at every name once. At most `most` are reported ready; the rest come with the next look.
  package mutating func look(
    at now: ContinuousClock.Instant, most: Int = 1_000
  ) throws -> Look {
    var look = Look()
    try inbox.scan { name in
      guard InboxScan.mayBeADrop(name), let status = try inbox.status(of: name) else { return true }
      let isStill = stillness.observe(name, status.stamp, at: now)
      if try !sidecarIsStill(of: name, at: now) || !isStill {
        look.waiting.insert(name)
      } else if look.ready.count < most {
        look.ready.append(name)
      } else {
        look.isFull = true
      }
      return true
    }
    stillness.endPass()
    look.ready.sort()
    return look
  }

  /// A `.sha256` file beside a drop must have held still as well.
  private mutating func sidecarIsStill(
    of name: EntryName, at now: ContinuousClock.Instant
  ) throws -> Bool {
    guard let sidecar = try? name.appending(".sha256"),
      let status = try inbox.status(of: sidecar)
    else { return true }
    return stillness.observe(sidecar, status.stamp, at: now)
  }

  /// How long until the next file could have held still long enough.
  package func nextMoment(after now: ContinuousClock.Instant) -> Duration? {
    stillness.nextMoment(after: now)
  }

  /// Upload names are left alone, and what belongs to another file goes with that file.
  private static func mayBeADrop(_ name: EntryName) -> Bool {
    !name.isUpload && !name.hasSuffix(".sha256") && name != "accepted" && name != "rejected"
  }
}
