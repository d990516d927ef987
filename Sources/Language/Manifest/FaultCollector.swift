package import Faults
package import JSONText

/// Keeps the faults of a reading, so that it goes on after each and finds them all.
package final class FaultCollector {
  package private(set) var faults: [any Fault] = []
  /// Far more than are ever told: a bound on what a hostile document costs.
  private static let bound = 1_000

  package init() {}

  package func note(_ fault: any Fault) {
    if faults.count < FaultCollector.bound { faults.append(fault) }
  }

  package func note(_ more: some Sequence<any Fault>) { for fault in more { note(fault) } }

  /// The value; or nil, and its fault is kept.
  package func attempt<Value>(_ read: () throws -> Value) -> Value? {
    do { return try read() } catch {
      if let fault = error as? any Fault { note(fault) }
      return nil
    }
  }

  /// For a key that may be missing: nil if it is, and if it is wrong.
  package func attempt<Value>(
    _ cursor: JSONCursor?, _ read: (JSONCursor) throws -> Value
  ) -> Value? {
    cursor.flatMap { cursor in attempt { try read(cursor) } }
  }
}
