/// The shape that every error of the house has.
///
/// Each module has one error type of its own that conforms to `Fault`. The command line turns any
/// fault into an `error:` line, a `hint:` line and an exit status; the watcher turns it into the
/// reason of a verdict. A fault never holds a registrant's value or a byte of a key: ids, names of
/// fields and counts only.
package protocol Fault: Error, Sendable, CustomStringConvertible {
  /// A short, stable name in snake_case, for programs and tests: `unknown_field`.
  var code: String { get }
  /// The fact, with the file, line, column or field: one sentence without a full stop.
  var message: String { get }
  /// What the reader can do about it, if anything is known to help.
  var hint: String? { get }
  /// Where in a text it is, if it is in a text.
  var place: FaultPlace? { get }
  /// Who must act, and so which exit status the command line gives.
  var blame: Blame { get }
}

extension Fault {
  package var hint: String? { nil }
  package var place: FaultPlace? { nil }
  package var description: String { hint.map { "\(message) (\($0))" } ?? message }
}

/// Whose doing a fault is.
package enum Blame: Sendable, Hashable {
  /// The input was refused: a drop is rejected, a difference was found. Exit status 1.
  case input
  /// The command was used wrongly. Exit status 2.
  case usage
  /// Not authentic, or corrupt. Exit status 3.
  case authenticity
  /// Disk, permission, lock, missing file: the environment refused. Exit status 4.
  case environment
  /// A defect of this program. Exit status 5.
  case bug
}
