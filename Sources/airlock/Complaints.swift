import Faults

/// Which faults are news to whoever reads a watcher's log: a cause that stays is told once, not at
/// every poll, and told again when it comes back after others, or after an hour.
struct Complaints {
  private static let most = 1_000
  private static let hour = Duration.seconds(3_600)

  private var told: [String: ContinuousClock.Instant] = [:]

  /// - Parameter now: the moment at which it is said.
  mutating func isNews(_ fault: any Fault, at now: ContinuousClock.Instant = .now) -> Bool {
    let cause = fault.code + " " + Self.withoutTokens(fault.message)
    if let last = told[cause], last.duration(to: now) < Self.hour { return false }
    if told.count >= Self.most { told = [:] }
    told[cause] = now
    return true
  }

  /// The text without what is drawn anew at each try: names of claims and of files being written.
  static func withoutTokens(_ text: String) -> String {
    text.replacing(/[0-9a-f]{16}-/, with: "").replacing(/\.[0-9a-f]{8}\.tmp/, with: ".tmp")
  }
}
