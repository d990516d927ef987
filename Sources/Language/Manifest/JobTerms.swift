package import JSONText

/// `input`: where the records come from.
package enum JobInput: Sendable, Equatable {
  case registry
  case odk(SubmissionWindow)

  package var isODK: Bool { self != .registry }
}

/// Submissions received in `from ..< to`; nil is without a bound.
package struct SubmissionWindow: Sendable, Equatable {
  package let from: UTCTime?
  /// The first second that is not in it.
  package let to: UTCTime?

  package init(from: UTCTime?, to: UTCTime?) {
    self.from = from
    self.to = to
  }
}

/// `schedule`: once, or again and again.
package enum JobSchedule: Sendable, Equatable {
  case onetime
  case recurring(Recurrence)
}

/// A run at `start` and every `minutes` after it, the last one before `end`.
package struct Recurrence: Sendable, Equatable {
  /// From 1 to 525,600 (a year).
  package let minutes: Int
  /// Nil is when the manifest is taken in.
  package let start: UTCTime?
  package let end: UTCTime?

  package init(minutes: Int, start: UTCTime?, end: UTCTime?) {
    self.minutes = minutes
    self.start = start
    self.end = end
  }
}

/// `resend`: what becomes of a registrant whose VID was sent before.
package struct ResendRule: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// Sent whenever the filter picks them, as upstream does.
    case always
    /// Left out while their VID is with the MTS, unanswered and sent less than `afterHours` ago.
    case pending
  }

  package let kind: Kind
  /// From 1 to 8,784 (366 days).
  package let afterHours: Int

  package static let usual = ResendRule(kind: .pending, afterHours: 720)

  package init(kind: Kind, afterHours: Int) {
    self.kind = kind
    self.afterHours = afterHours
  }
}

/// One part of `order`: a stored field of the registrant's own, and its direction.
package struct OrderTerm: Sendable {
  package let field: String
  package let isDescending: Bool
  /// Whether the unset come before all others.
  package let unsetFirst: Bool
  /// Where `order` stands.
  package let place: JSONCursor
}
