package import JSONText

/// How a key stands at a moment, for people.
package struct KeyState: Sendable {
  package enum Word: String, Sendable, CaseIterable {
    case valid
    /// Announced; others may seal to it, and it may sign, from a time on.
    case next
    case notYetValid = "not_yet_valid"
    /// It ends within 30 days.
    case ending
    case expired, retired, revoked
  }

  package let word: Word
  /// When it ends, or ended; nil if it does not.
  package let ends: UTCTime?
  /// Whole days until then; nil if it does not end, negative never.
  package let daysLeft: Int64?
  /// Why it is unfit, if it is.
  package let fault: KeysFault?

  /// How long ahead an end is warned of.
  package static let warningDays: Int64 = 30

  /// Whether people must do something.
  package var isUrgent: Bool { word == .ending || [.expired, .retired, .revoked].contains(word) }
}

extension Keyring {
  package func state(of entry: Entry, at now: UTCTime) -> KeyState {
    let ends = [entry.card.terms.expires, entry.until].compactMap { $0 }.min()
    let left = ends.map { max(0, ($0.seconds - now.seconds) / 86_400) }
    var fault: KeysFault?
    do { try check(entry.card, for: nil, at: now) } catch { fault = error }
    let isEnding = left.map { $0 < KeyState.warningDays } ?? false
    let word: KeyState.Word =
      switch fault?.kind {
      case .revoked: .revoked
      case .expired: .expired
      case .retired: .retired
      case .notYetValid: entry.place == .next ? .next : .notYetValid
      default: isEnding ? .ending : entry.place == .next ? .next : .valid
      }
    return KeyState(word: word, ends: ends, daysLeft: left, fault: fault)
  }
}
