package import Files

/// Time as the watcher feels it: tests pass in their own.
package protocol Pacing {
  var now: ContinuousClock.Instant { get }
  /// Waits, at most so long.
  /// - Returns: false if it is time to stop.
  func wait(upTo limit: Duration) -> Bool
}

/// The machine's clock, woken early by changes in a folder where the file system tells of them.
package struct MachinePacing: Pacing {
  private let hints: ChangeHints
  private let isStopped: @Sendable () -> Bool

  /// - Parameter isStopped: asked after every wait; `ChangeHints.wake()` ends one.
  package init(_ hints: ChangeHints, isStopped: @escaping @Sendable () -> Bool = { false }) {
    self.hints = hints
    self.isStopped = isStopped
  }

  package var now: ContinuousClock.Instant { ContinuousClock.now }

  package func wait(upTo limit: Duration) -> Bool {
    _ = hints.wait(upTo: limit)
    return !isStopped()
  }
}
