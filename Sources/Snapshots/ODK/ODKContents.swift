internal import Language

/// What submissions turned out to hold: as any snapshot's contents, with the repeats as one2manys.
struct ODKContents {
  private let reader: ODKReader

  init(_ reader: ODKReader) { self.reader = reader }

  func read() -> SnapshotContents {
    let found = reader.intake.contents()
    var catalog = found.catalog
    for list in reader.repeats {
      catalog[list.model]?[list.field] = FieldDescription(
        list.field, .one2many, relation: list.child, inverse: ODK.owner)
    }
    return SnapshotContents(
      form: .odk, tables: found.tables, lists: found.lists, names: found.names, catalog: catalog)
  }
}
