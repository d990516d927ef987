package import Faults

/// Why an archive was refused, or could not be made.
package struct ArchiveFault: Fault, Equatable {
  /// The class that a test vector expects; `docs/archive-format.md` defines each.
  package enum Failure: String, Sendable, Hashable, CaseIterable {
    case header
    case type
    case truncation
    case trailingData = "trailing_data"
    case signature
    case noMatchingKey = "no_matching_key"
    case payload
    case replay
    /// The place to open into is not fit.
    case destination
    /// What was to be sealed is not fit.
    case draft
  }

  package let failure: Failure
  package let code: String
  package let message: String
  package let hint: String?

  package init(_ failure: Failure, _ code: String, _ message: String, hint: String? = nil) {
    self.failure = failure
    self.code = code
    self.message = message
    self.hint = hint
  }

  package var blame: Blame {
    switch failure {
    case .destination: .usage
    case .draft: .input
    default: .authenticity
    }
  }
}
