internal import Language

/// The description of a model that came with a delta, beside that of the snapshot which it changes.
enum DeltaDescription {
  /// What the base has stays as it is; what it lacks is taken from the delta, and so is what names
  /// a record.
  /// - Throws: `changedModel` if a field that is in force has become something else.
  static func merge(
    _ given: ModelDescription, onto base: ModelDescription?, file: String
  ) throws(SnapshotFault) -> ModelDescription {
    guard var merged = base?.named(like: given) else { return given }
    for field in given.fields.values {
      guard let known = merged[field.name], known.isPresent else {
        merged[field.name] = field
        continue
      }
      // The snapshot holds one language of what comes in several.
      merged[field.name]?.isTranslated = field.isTranslated
      let same = merged[field.name].map(FieldRule.init) == FieldRule(field)
      guard same, known.relation == field.relation else {
        throw SnapshotFault(
          .changedModel,
          "the field \(field.name) of \(given.name) is not what it is in the snapshot in force",
          at: SnapshotPlace(file))
      }
    }
    return merged
  }
}
