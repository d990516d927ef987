/// Sees that all files of one model have the same fields. What one file lacks is unset nowhere and
/// unknown: to read it as unset would make facts up.
struct PartFields {
  private var first: [String: (file: String, fields: Set<String>)] = [:]
  private var current: (plan: ModelPlan, file: String, stamp: UInt64)?

  mutating func begin(_ plan: ModelPlan, _ file: String, _ intake: Intake) {
    current = (plan, file, intake.state.pointee.stamp)
  }

  /// The file in hand has been read to its end.
  /// - Throws: `uneven_parts`, naming a field and both files.
  mutating func end(_ csv: CSVFile?, _ intake: Intake) throws(SnapshotFault) {
    guard let (plan, file, stamp) = current else { return }
    current = nil
    let fields = csv.map(\.fields).flatMap { $0.isEmpty ? nil : Set($0.map(Self.bare)) }
    try note(fields ?? Self.read(plan, since: stamp), of: plan, in: file, intake)
  }

  /// - Throws: `uneven_parts` if nobody says what a field is that stands in CSV here and in JSON there.
  static func requireKnown(_ intake: Intake) throws(SnapshotFault) {
    for plan in intake.models where intake.parted.contains(plan.name) {
      for (index, slot) in plan.slots.elements.enumerated()
      where slot.rule == .unknown && !slot.seen.isEmpty && !slot.looks.isSubset(of: .blankIsFalse) {
        throw SnapshotFault(
          .unevenParts,
          "the field \(plan.name(of: Int32(index))) of \(plan.name) is described nowhere, and stands in JSON and in CSV"
        )
      }
    }
  }

  private mutating func note(
    _ fields: Set<String>, of plan: ModelPlan, in file: String, _ intake: Intake
  ) throws(SnapshotFault) {
    guard !fields.isEmpty else { return }
    guard let before = first[plan.name] else {
      first[plan.name] = (file, fields)
      return
    }
    guard !intake.isDelta, let field = fields.symmetricDifference(before.fields).min() else {
      return
    }
    let (has, lacks) = fields.contains(field) ? (file, before.file) : (before.file, file)
    throw SnapshotFault(
      .unevenParts,
      "the field \(SnapshotPlace.printable(field)) of \(plan.name) stands in \(SnapshotPlace.printable(has)) and not in \(SnapshotPlace.printable(lacks))",
      at: SnapshotPlace(file))
  }

  /// The fields that some record has had since then.
  private static func read(_ plan: ModelPlan, since stamp: UInt64) -> Set<String> {
    var fields: Set<String> = []
    for (index, slot) in plan.slots.elements.enumerated() where slot.record > stamp {
      fields.insert(plan.name(of: Int32(index)))
    }
    return fields
  }

  private static func bare(_ step: String) -> String { step == CSVPath.databaseID ? "id" : step }
}
