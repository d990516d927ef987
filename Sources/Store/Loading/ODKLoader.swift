package import Files
package import Foundation
internal import Language
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
    throw LoadFault(.notASnapshot, "ODK submissions cannot be read yet")
  }
}
