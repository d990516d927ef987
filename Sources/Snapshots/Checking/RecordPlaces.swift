package import Language

/// Finds where a record stands in a drop, by reading that once more. For faults only: nothing is kept
/// of places while a drop is read.
package enum RecordPlaces {
  /// The place of the first record of the model that has the id; nil if none is found again.
  package static func first(
    _ id: Int64, of model: String, in source: SnapshotSource, catalog: ModelCatalog,
    limits: SnapshotLimits
  ) throws -> SnapshotPlace? {
    try SnapshotReading.withDescriptions(source) { early in
      let reader = try SnapshotReader(source, catalog: catalog, early: early, limits: limits)
      let batch = try RowBatch()
      while try reader.read(into: batch) {
        for table in batch.tables.indices where reader.intake.models[table].name == model {
          let rows = batch.tables[table]
          let found = rows.allRows.first { rows.allCells[Int($0.start)].integer == id }
          if let found { return batch.place(ofRecord: found.record) }
        }
      }
      return nil
    }
  }
}
