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
  package static let fileName = SnapshotKind.registry.fileName

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
          let end = try SnapshotWriter(db).write(all: pipeline)
          guard end.head?.kind != .delta else { throw SnapshotFault.changed(source.name) }
          return try SnapshotEnding(db, end.contents).run(
            end.head, digest: end.digest, dropName: source.name, now: now)
        }
        try file.seal()
        return StagedSnapshot(summary, file: file, kind: .registry)
      } catch {
        file.discard()
        guard let row = error as? DifferingRow else { throw error }
        throw row.fault(
          try? RecordPlaces.first(
            row.id, of: row.model, in: source, catalog: catalog, limits: limits), in: source.name)
      }
    }
  }
}

/// A snapshot that was read and stored, and is not in force yet. Dropping it discards it.
package final class StagedSnapshot {
  package internal(set) var summary: LoadedSnapshot
  /// Ids that a delta was to delete, and that were not there.
  package var missing = 0
  private let file: StagedDatabase
  package let kind: SnapshotKind

  init(_ summary: LoadedSnapshot, file: StagedDatabase, kind: SnapshotKind) {
    self.summary = summary
    self.file = file
    self.kind = kind
  }

  deinit { file.discard() }

  func read<Result>(_ body: (Database) throws -> Result) throws -> Result { try file.read(body) }

  /// Deletes reg ids by the hundred thousand; to be followed by a change that takes something out.
  /// - Parameter ids: ascending.
  /// - Returns: those that are left to that change.
  func deleteRegIDs(_ ids: [Int64]) throws -> [Int64] {
    ids.isEmpty ? [] : try file.delete(ids, from: "g2p.reg.id")
  }

  /// Changes the staged rows, and syncs them.
  /// - Parameter body: says whether it took something out that must leave no trace.
  func change(_ body: (Database) throws -> Bool) throws {
    if try file.change(body) { try file.scrub() }
    try file.seal()
  }

  /// Puts the snapshot in force, in one step.
  /// - Throws: `FileFault`; the old snapshot then stays in force, unless the sync of the folder
  ///   failed.
  package func commit() throws { try file.commit(as: kind.fileName) }

  /// Removes it; does nothing after `commit()`.
  package func discard() { file.discard() }
}
