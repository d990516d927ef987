/// What a drop of data is, told from its beginning.
package enum DropForm: Sendable, Hashable {
  /// The registry, or a part of it; with the head that it brought.
  case registry(SnapshotHead?)
  /// Submissions of an ODK form.
  case odk

  /// Opens the drop and looks at its first entry.
  /// - Throws: `SnapshotFault`, and what the source throws.
  package static func tell(
    _ source: SnapshotSource, limits: SnapshotLimits = SnapshotLimits()
  ) throws -> DropForm {
    let input = HeadedInput(try source.open(), file: source.name, limits: limits)
    while let name = try input.next() {
      if input.head != nil { break }
      if input.isArchive, ODKForm.isAttachment(name) || (try? EntryRole(name)) == .litter {
        continue
      }
      return ODKForm(try input.peek(64 << 10)) == nil ? .registry(nil) : .odk
    }
    return .registry(input.head)
  }
}
