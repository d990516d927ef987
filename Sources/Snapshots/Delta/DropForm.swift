/// What a drop of data is, told from its beginning.
package enum DropForm: Sendable, Hashable {
  /// The registry, or a part of it; with the head that it brought.
  case registry(SnapshotHead?)
  /// Submissions of an ODK form.
  case odk

  /// Opens the drop and looks at its first entry. A lone file that is no registry is told apart here.
  /// - Throws: `SnapshotFault`, and what the source throws.
  package static func tell(
    _ source: SnapshotSource, limits: SnapshotLimits = SnapshotLimits()
  ) throws -> DropForm {
    let input = HeadedInput(try source.open(), file: source.name, limits: limits)
    input.passOver(folder: ODKForm.mediaFolder)
    while let name = try input.next() {
      guard input.isArchive else { return try lone(input, source.name, limits) }
      if input.head != nil { break }
      if ODKForm.isAttachment(name) || (try? EntryRole(name))?.isPassedOver == true { continue }
      let start = try input.peek(64 << 10)
      if ODKForm.isAudit(start) { continue }
      return ODKForm(start) == nil ? .registry(nil) : .odk
    }
    return .registry(input.head)
  }

  /// A file by itself must be the registry, or a form's submissions: nothing else takes their place.
  private static func lone(
    _ input: HeadedInput, _ name: String, _ limits: SnapshotLimits
  ) throws -> DropForm {
    let start = try input.peek(TextForm.headBytes)
    if input.head == nil, ODKForm(start) != nil { return .odk }
    if let fields = try LoneFields.read(start, file: name, limits: limits), !fields.isEmpty {
      try LoneFile(name, fields: fields, hasHead: input.head != nil).require()
    }
    return .registry(input.head)
  }
}
