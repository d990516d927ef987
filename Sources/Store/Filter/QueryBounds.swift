/// How long a filter may search, and when every reading of a snapshot must stop. The clock and the
/// flag are passed in: tests need not wait.
package struct QueryBounds: Sendable {
  /// The time that a filter may take: its sets together, and then its search.
  package var time: Duration
  package var now: @Sendable () -> ContinuousClock.Instant
  /// Asked again and again while SQLite works.
  package var isStopped: @Sendable () -> Bool

  package init(
    time: Duration = .seconds(60),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.time = time
    self.now = now
    self.isStopped = isStopped
  }
}
