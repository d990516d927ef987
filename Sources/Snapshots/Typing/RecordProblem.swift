/// A fault in one record, before it is known where that stands: the number of the event says so.
struct RecordProblem: Error {
  let kind: SnapshotFault.Kind
  let fact: String
  let event: Int

  init(_ kind: SnapshotFault.Kind, _ fact: String, event: Int) {
    self.kind = kind
    self.fact = fact
    self.event = event
  }

  /// A value of another type than its field.
  static func wrongType(_ wanted: String, _ found: EventKind, event: Int) -> RecordProblem {
    RecordProblem(.wrongType, "\(wanted) was expected, and this is \(found.words)", event: event)
  }
}
