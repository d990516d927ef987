package import Language
package import Secrets

/// Validates a snapshot and keeps nothing of it.
package enum SnapshotChecker {
  package struct Report {
    package let digest: Digest
    package let contents: SnapshotContents
    /// Records by model.
    package let counts: [String: Int]
    /// The ids of the registrants and all other partners.
    package let partners: IDSet?
    /// Registrants that are known by an external id, and not by the database's.
    package let external: Int
  }

  /// Reads the whole drop, as loading it would.
  /// - Throws: `SnapshotFault`, and what the source throws.
  package static func check(
    _ source: SnapshotSource, catalog: ModelCatalog = BuiltIn.catalog,
    limits: SnapshotLimits = SnapshotLimits()
  ) throws -> Report {
    try SnapshotReading.withDescriptions(source) { early in
      let reader: any RowReader & ModelNaming =
        try DropForm.tell(source, limits: limits) == .odk
        ? ODKReader(source, limits: limits)
        : SnapshotReader(source, catalog: catalog, early: early, limits: limits)
      let batch = try RowBatch()
      var ids: [IDSet] = []
      var external = 0
      while try reader.read(into: batch) {
        try note(batch, of: reader.intake, &ids, &external)
      }
      let (contents, digest) = try reader.finish()
      let counts = zip(contents.tables, ids).map { ($0.model, $1.count) }
      let main = zip(contents.tables, ids).first { $0.0.model == SnapshotReader.mainModel }
      return Report(
        digest: digest, contents: contents, counts: Dictionary(uniqueKeysWithValues: counts),
        partners: main?.1, external: external)
    }
  }

  private static func note(
    _ batch: RowBatch, of intake: Intake, _ ids: inout [IDSet], _ external: inout Int
  ) throws(SnapshotFault) {
    for (number, table) in batch.tables.enumerated() {
      if number == ids.count { ids.append(IDSet()) }
      let isMain = intake.models[number].name == SnapshotReader.mainModel
      for row in table.allRows {
        let id = table.allCells[Int(row.start)].integer
        if isMain, id < 0 { external += 1 }
        // Whether a row in another file is the same is seen in the store.
        guard ids[number].insert(id) || intake.parted.contains(intake.models[number].name) else {
          throw SnapshotFault(
            .duplicateID, "the id \(id) stands twice in \(intake.models[number].name)",
            at: batch.place(ofRecord: row.record))
        }
      }
    }
  }
}

/// What everyone does who reads a snapshot.
package enum SnapshotReading {
  /// Runs the body, and once more with the drop's own descriptions if they came after the records.
  package static func withDescriptions<Result>(
    _ source: SnapshotSource, _ body: ([String: ModelDescription]) throws -> Result
  ) throws -> Result {
    do {
      return try body([:])
    } catch let late as LateDescriptions {
      do {
        return try body(late.models)
      } catch is LateDescriptions {
        throw SnapshotFault(
          .changedWhileReading, "the file changed while it was read",
          at: SnapshotPlace(source.name))
      }
    }
  }
}
