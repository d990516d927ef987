package import Files
package import Foundation
package import Snapshots

/// Loads submissions of an ODK form into `store/odk.sqlite`, as a snapshot is loaded.
package struct ODKLoader {
  private let folder: Folder
  private let limits: SnapshotLimits

  /// - Parameter folder: the site's `store/`.
  package init(into folder: Folder, limits: SnapshotLimits = SnapshotLimits()) {
    self.folder = folder
    self.limits = limits
  }

  /// - Throws: `SnapshotFault`, `LoadFault`, what the source throws; nothing is left behind.
  package func load(_ source: SnapshotSource, now: Date) throws -> StagedSnapshot {
    let file = try StagedDatabase(in: folder)
    do {
      let pipeline = BatchPipeline { [limits] in try ODKReader(source, limits: limits) }
      defer { pipeline.stop() }
      let summary = try file.build { db in
        let end = try SnapshotWriter(db).write(all: pipeline)
        try ODKOwners(db, end.contents).link()
        let contents = try ODKTypes(db, end.contents).settle()
        return try SnapshotEnding(db, contents).run(
          nil, digest: end.digest, dropName: source.name, now: now)
      }
      try file.seal()
      return StagedSnapshot(summary, file: file, kind: .odk)
    } catch {
      file.discard()
      throw error
    }
  }
}
