package import Files
package import Foundation
internal import Language
package import Secrets
package import Snapshots

// A delta on its way into the store.
//
// It is read and typed like any snapshot, by the models of the snapshot in force, into a staged file
// of its own. The file in force is copied under another temporary name, and the delta's records are
// merged into the copy by SQL. So what holds for a full snapshot holds here: nothing is visible
// before the rename, and whoever reads the old file keeps it.

/// Makes the next snapshot of the one in force and a delta.
package struct DeltaLoader {
  private let folder: Folder
  private let limits: SnapshotLimits

  /// - Parameter folder: the site's `store/`.
  package init(into folder: Folder, limits: SnapshotLimits = SnapshotLimits()) {
    self.folder = folder
    self.limits = limits
  }

  /// Stages the next snapshot; its digest is BLAKE2b-256 of the digest before it and the delta's.
  /// - Parameters:
  ///   - base: the snapshot in force.
  ///   - shown: what the site shows for its digest: a delta may name it by that as well.
  /// - Throws: `doesNotFollow`, `SnapshotFault`, `LoadFault`, what the source throws; nothing is left
  ///   behind.
  package func load(
    _ source: SnapshotSource, onto base: SnapshotStore, shown: SaltedDigest? = nil, now: Date
  ) throws -> StagedSnapshot {
    guard base.summary.form != .csvExport else {
      throw SnapshotFault(
        .otherForm,
        "the snapshot in force is a CSV export of Odoo's, in which ids may be missing",
        at: SnapshotPlace(source.name))
    }
    return try SnapshotReading.withDescriptions(source) { early in
      let (delta, end): (StagedDatabase, BatchPipeline.End)
      do { (delta, end) = try read(source, early, base, shown) } catch let row as DifferingRow {
        throw row.fault(nil, in: source.name)
      }
      defer { delta.discard() }
      let file = try StagedDatabase(copying: SnapshotLoader.fileName, in: folder)
      do {
        var merge: DeltaMerge?
        let summary = try file.change(beside: delta) { db in
          // The tokens of ours come back once it is merged.
          try SnapshotOverlay.strip(in: db)
          let merging = try DeltaMerge(db, end, onto: base)
          let contents = try merging.run()
          merge = merging
          return try DeltaEnding(db, contents).run(
            end, onto: base.summary, dropName: source.name, now: now)
        }
        try file.scrub()
        try file.seal()
        let staged = StagedSnapshot(summary, file: file, kind: .registry)
        staged.missing = merge?.missing ?? 0
        return staged
      } catch {
        file.discard()
        throw error
      }
    }
  }

  /// What `search_read` loses must not take the place of what is whole: its lists lack links to
  /// archived records. A lossless delta over what has lost something takes nothing away.
  private func requireForm(
    _ form: SnapshotContents.Form, over base: SnapshotContents.Form, _ file: String
  ) throws(SnapshotFault) {
    guard form == .searchRead, base != .searchRead else { return }
    throw SnapshotFault(
      .otherForm,
      "the delta is written as search_read gives records, and the snapshot in force is lossless",
      at: SnapshotPlace(file))
  }

  /// The delta alone, in tables of its own.
  private func read(
    _ source: SnapshotSource, _ early: [String: ModelDescription], _ base: SnapshotStore,
    _ shown: SaltedDigest?
  ) throws -> (StagedDatabase, BatchPipeline.End) {
    let file = try StagedDatabase(in: folder)
    do {
      let pipeline = BatchPipeline { [limits, catalog = base.catalog] in
        try SnapshotReader(source, catalog: catalog, base: catalog, early: early, limits: limits)
      }
      defer { pipeline.stop() }
      let end = try file.build { db in
        let end = try SnapshotWriter(db, isDelta: true).write(all: pipeline)
        guard let head = end.head, head.kind == .delta else {
          throw SnapshotFault.changed(source.name)
        }
        guard head.follows(base.summary.digest, shown: shown) else {
          throw LoadFault.doesNotFollow(head, named: source.name, base.summary, shown)
        }
        try requireForm(end.contents.form, over: base.summary.form, source.name)
        try SnapshotEnding(db, end.contents).settleNewColumns()
        return end
      }
      return (file, end)
    } catch {
      file.discard()
      throw error
    }
  }
}

extension LoadFault {
  /// - Parameters:
  ///   - inForce: nil if there is none.
  ///   - shown: what the site shows for its digest.
  package static func doesNotFollow(
    _ head: SnapshotHead?, named drop: String, _ inForce: LoadedSnapshot?, _ shown: SaltedDigest?
  ) -> LoadFault {
    LoadFault(
      .doesNotFollow,
      "the delta \(head?.name ?? drop) follows another snapshot, and "
        + (inForce.map { "\($0.title(shown)) is in force" } ?? "no snapshot is in force"))
  }
}
