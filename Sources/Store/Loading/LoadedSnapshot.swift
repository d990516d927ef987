package import Foundation
package import JSONText
package import Secrets
package import Snapshots

/// What is told of a snapshot as a whole.
package struct LoadedSnapshot: Sendable, Hashable {
  /// BLAKE2b-256 of the bytes of the drop; after a delta, of the digest before it and the delta's.
  package let digest: Digest
  /// BLAKE2b-256 of the bytes of the drop that was taken in last.
  package let dropDigest: Digest
  /// The name of the drop.
  package let dropName: String
  /// Whether unset numbers and fractions of seconds were lost on export.
  package let form: SnapshotContents.Form
  /// In seconds; fractions are not kept.
  package let loadedAt: Date
  /// The name that the snapshot's head gives it.
  package var name: String?
  /// When it was taken: by its head, else the newest `write_date`; nil if nothing says so.
  package var taken: UTCTime?
  /// The digest of the snapshot that this one is a delta of.
  package var follows: Digest?
  /// What the site's own tokens and erasures were when it was brought up to date with them
  /// (`SnapshotRevision`); nil if there were none.
  package var overlay: String?
  /// The languages of the registry, by Odoo's codes; empty if its head does not say.
  package var languages: [String] = []
  /// Registrants of whom nothing but an external id is known, and not the database's.
  package var external = 0
  /// Records by model, of the models whose records came.
  package let counts: [String: Int]
  /// What was left out of the drop, and why: names of files and columns, never values.
  package let notes: [String]

  /// What people are shown of it: its name or that of its drop, and its time.
  /// - Parameter shown: what the site shows for its digest, of which the start is told too.
  package func title(_ shown: SaltedDigest?) -> String {
    let time = taken.map { "taken \($0.text)" } ?? "of an unknown time"
    let digest = shown.map { ", digest \($0.hex.prefix(12))" } ?? ""
    return "\(name ?? dropName) (\(time)\(digest))"
  }

  /// How many records of `res.partner` there are.
  package var partners: Int { counts[SnapshotReader.mainModel] ?? 0 }
  /// How many submissions of an ODK form there are.
  package var submissions: Int { counts[ODK.mainModel] ?? 0 }
}
