package import Foundation
package import Secrets
package import Snapshots

/// What is told of a snapshot as a whole.
package struct LoadedSnapshot: Sendable, Hashable {
  /// BLAKE2b-256 of the bytes of the drop.
  package let digest: Digest
  /// The name of the drop.
  package let dropName: String
  /// Whether unset numbers and fractions of seconds were lost on export.
  package let form: SnapshotContents.Form
  /// In seconds; fractions are not kept.
  package let loadedAt: Date
  /// Records by model, of the models whose records came.
  package let counts: [String: Int]

  /// How many records of `res.partner` there are.
  package var partners: Int { counts[SnapshotReader.mainModel] ?? 0 }
}
