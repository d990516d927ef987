package import Files
package import Foundation
internal import GRDB
package import Language
package import Snapshots

// A snapshot on its way into the store.
//
// The rows go into a new SQLite file under a temporary name: one thread reads, digests and parses,
// the other binds the rows of the batch before. Nothing of a load is visible until `commit()` has
// renamed the synced file; a load that fails leaves the snapshot in force as it is, and whoever has
// the old file open keeps it. The layout of the file is said in `docs/architecture.md`.

/// Loads snapshots into the folder `store/`.
package struct SnapshotLoader {
  /// The file of the snapshot that is in force.
  package static let fileName: EntryName = "snapshot.sqlite"

  private let folder: Folder
  private let catalog: ModelCatalog
  private let limits: SnapshotLimits

  /// - Parameter folder: the site's `store/`.
  /// - Parameter catalog: what is known of models that a drop does not describe.
  package init(
    into folder: Folder, catalog: ModelCatalog = BuiltIn.catalog,
    limits: SnapshotLimits = SnapshotLimits()
  ) {
    self.folder = folder
    self.catalog = catalog
    self.limits = limits
  }

  /// Reads the whole drop into a staged file, complete and synced but not in force.
  /// - Parameter now: what will be told as the time of loading.
  /// - Throws: `SnapshotFault`, `LoadFault`, and what the source throws; nothing is left behind.
  package func load(_ source: SnapshotSource, now: Date) throws -> StagedSnapshot {
    try SnapshotReading.withDescriptions(source) { early in
      let file = try StagedDatabase(in: folder)
      do {
        let pipeline = BatchPipeline { [catalog, limits] in
          try SnapshotReader(source, catalog: catalog, early: early, limits: limits)
        }
        defer { pipeline.stop() }
        let summary = try file.build { db in
          let end = try fill(db, from: pipeline, file)
          return try SnapshotEnding(db, end.contents).run(
            digest: end.digest, dropName: source.name, now: now)
        }
        try file.seal()
        return StagedSnapshot(summary, file: file)
      } catch {
        file.discard()
        throw error
      }
    }
  }

  private func fill(
    _ db: Database, from pipeline: BatchPipeline, _ file: StagedDatabase
  ) throws -> BatchPipeline.End {
    let writer = SnapshotWriter(db)
    while let batch = try pipeline.next() {
      try writer.write(batch)
      pipeline.giveBack(batch)
    }
    return try pipeline.end()
  }
}

/// A snapshot that was read and stored, and is not in force yet. Dropping it discards it.
package final class StagedSnapshot {
  package let summary: LoadedSnapshot
  private let file: StagedDatabase

  init(_ summary: LoadedSnapshot, file: StagedDatabase) {
    self.summary = summary
    self.file = file
  }

  deinit { file.discard() }

  /// Puts the snapshot in force, in one step.
  /// - Throws: `FileFault`; the old snapshot then stays in force, unless the sync of the folder
  ///   failed.
  package func commit() throws { try file.commit(as: SnapshotLoader.fileName) }

  /// Removes it; does nothing after `commit()`.
  package func discard() { file.discard() }
}
