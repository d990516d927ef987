/// The watcher: notices complete drops, claims them by rename, and has them processed.
///
/// A file counts as complete when it has held still for the quiet time. Polling decides; change
/// hints only wake it early. The watcher judges no drop and knows no kind of drop; where more are
/// complete than it takes at a time, it glances at their first bytes to guess which are waited for.
/// Must never: take a file that is still being written, follow a link, or treat the absence of
/// files as meaning anything.
package import Files
import Jobs
package import Policies

/// One look after another at the inbox: which drops are complete.
package struct InboxScan {
  private var inbox: Folder
  private let orphanAge: Int64
  private let ignored: [NamePattern]
  private let needsDoneFile: Bool
  private var stillness: Stillness
  private var turns = Turns()
  /// Of a crowd: whose turn comes next, and when that was found out.
  private var queue: ArraySlice<Turns.Candidate> = []
  private var lookedAt: ContinuousClock.Instant?

  private static let longestQueue = 2_000
  /// A new look is taken so often, however long the queue: newcomers have their turn too.
  private static let freshness = Duration.seconds(1)

  /// - Parameters:
  ///   - quiet: how long a file must hold still.
  ///   - limits: which names are left alone, whether `NAME.done` must lie beside a drop, and how long
  ///     a sidecar may lie there without its file.
  package init(_ inbox: Folder, quiet: Duration, limits: IntakeLimits = IntakeLimits()) {
    self.inbox = inbox
    orphanAge = Int64(limits.orphanHours) * 3_600
    ignored = limits.ignored
    needsDoneFile = limits.completion == .doneFile
    stillness = Stillness(quiet: quiet)
  }

  /// Looks into another folder from now on: what was seen of files is of their inodes, and stays.
  mutating func move(to inbox: Folder) {
    self.inbox = inbox
    (queue, lookedAt) = ([], nil)
  }

  /// What one look found.
  package struct Look {
    /// Complete: to be claimed now, in the order of their names.
    package var ready: [EntryName] = []
    /// Still to be waited for.
    package var waiting: [EntryName] = []
    /// More are ready than one look reports.
    package var isFull = false
  }

  /// Looks at every name once. At most `most` are reported ready; the rest come with the next look.
  /// - Parameter seconds: the time of day, since 1970: sidecars without their file are ready as
  ///   drops of their own when they are old by it.
  package mutating func look(
    at now: ContinuousClock.Instant, seconds: Int64 = 0, most: Int = 1_000
  ) throws -> Look {
    if let lookedAt, lookedAt.duration(to: now) < Self.freshness, !queue.isEmpty {
      var look = Look()
      look.isFull = true
      look.ready = try next(most)
      return look
    }
    lookedAt = now
    return try lookAround(now, seconds, most)
  }

  private mutating func lookAround(
    _ now: ContinuousClock.Instant, _ seconds: Int64, _ most: Int
  ) throws -> Look {
    var look = Look()
    var ready: [Turns.Candidate] = []
    var restless: Set<EntryName> = []
    try inbox.scan { name in
      guard isOurs(name), let status = try inbox.status(of: name) else { return true }
      let isStill = stillness.observe(name, status.stamp, at: now)
      let candidate = Turns.Candidate(name: name, stamp: status.stamp)
      if InboxScan.isSidecar(name) {
        if !isStill { restless.insert(name) }
        let age = seconds - Int64(status.stamp.changed.seconds)
        if isStill, age > orphanAge, try isOrphan(name) { ready.append(candidate) }
      } else if isStill, try isDone(name) {
        ready.append(candidate)
      } else {
        look.waiting.append(name)
      }
      return true
    }
    stillness.endPass()
    wait(for: restless, &ready, &look)
    queue = []
    look.isFull = ready.count > most
    if look.isFull {
      queue = turns.order(max(most, Self.longestQueue), of: ready, in: inbox)[...]
      look.ready = try next(most)
    } else {
      look.ready = ready.map(\.name).sorted()
    }
    return look
  }

  /// The next of the queue; one that has changed since, or gone, waits for the next look.
  private mutating func next(_ most: Int) throws -> [EntryName] {
    let turn = queue.prefix(most)
    queue = queue.dropFirst(most)
    return try turn.filter { try inbox.status(of: $0.name)?.stamp == $0.stamp }.map(\.name).sorted()
  }

  /// What lies beside a drop must have held still as well.
  private func wait(
    for restless: Set<EntryName>, _ ready: inout [Turns.Candidate], _ look: inout Look
  ) {
    guard !restless.isEmpty else { return }
    ready.removeAll { candidate in
      let mustWait = Sidecar.endings.contains { ending in
        (try? candidate.name.appending(ending)).map(restless.contains) ?? false
      }
      if mustWait { look.waiting.append(candidate.name) }
      return mustWait
    }
  }

  /// Whether neither the file that a sidecar speaks of is there, nor an upload of it.
  private func isOrphan(_ name: EntryName) throws -> Bool {
    guard let ending = Sidecar.endings.first(where: name.hasSuffix) else { return false }
    let owner = name.bytes.dropLast(ending.utf8.count)
    guard !owner.isEmpty else { return true }
    return try ["", ".part", ".filepart", ".tmp", "~"].allSatisfy { upload in
      let other = try? EntryName(utf8: Array(owner) + Array(upload.utf8))
      return try other.map { try !inbox.exists($0) } ?? true
    }
  }

  /// How long until the next file could have held still long enough.
  package func nextMoment(after now: ContinuousClock.Instant) -> Duration? {
    stillness.nextMoment(after: now)
  }

  /// Upload names are left alone, and what the policy says.
  private func isOurs(_ name: EntryName) -> Bool {
    !name.isUpload && name != "accepted" && name != "rejected"
      && !(needsDoneFile && name.hasSuffix(Claiming.doneEnding))
      && !ignored.contains { $0.matches(name) }
  }

  /// Whether its done-file lies beside it, where one is asked for.
  private func isDone(_ name: EntryName) throws -> Bool {
    guard needsDoneFile else { return true }
    guard let done = try? name.appending(Claiming.doneEnding) else { return false }
    return try inbox.exists(done)
  }

  /// What belongs to another file goes with that file.
  private static func isSidecar(_ name: EntryName) -> Bool {
    Sidecar.endings.contains(where: name.hasSuffix)
  }
}
