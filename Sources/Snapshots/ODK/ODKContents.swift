internal import Language

/// What submissions turned out to hold: as any snapshot's contents, with the repeats as one2manys.
struct ODKContents {
  private let reader: ODKReader

  init(_ reader: ODKReader) { self.reader = reader }

  /// - Throws: `unevenForm` if a repeat has the name of something else.
  func read() throws(SnapshotFault) -> SnapshotContents {
    let found = reader.intake.contents()
    var catalog = found.catalog
    for list in reader.repeats {
      catalog[list.model]?[list.field] = FieldDescription(
        list.field, .one2many, relation: list.child, inverse: ODK.owner)
    }
    for list in reader.loose { try attach(list.names, list.base, in: &catalog) }
    return SnapshotContents(
      form: reader.isTable ? .odkTables : .odk, tables: found.tables, lists: found.lists,
      names: found.names, catalog: catalog,
      notes: found.notes)
  }

  /// A repeat that came by itself belongs to the innermost group around it that has a model; the
  /// records of a group have the ids of what they belong to.
  private func attach(
    _ names: [String], _ base: Int, in catalog: inout ModelCatalog
  ) throws(SnapshotFault) {
    guard let field = names.last else { return }
    let depths = (base..<names.count).reversed()
    let around = depths.map { ODKReader.modelName(names[..<$0]) }
    let child = ODKReader.modelName(names[...])
    guard let owner = around.first(where: { reader.models[$0] != nil }),
      catalog[owner]?[field] == nil
    else {
      throw SnapshotFault(.unevenForm, "what the repeat \(field) belongs to is not clear")
    }
    catalog[owner]?[field] = FieldDescription(
      field, .one2many, relation: child, inverse: ODK.owner)
    catalog[child]?[ODK.owner]?.relation = owner
  }
}
