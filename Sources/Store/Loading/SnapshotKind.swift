package import Files
internal import Snapshots

/// The snapshots that a site keeps, each a file and a main model of its own.
package enum SnapshotKind: Sendable, Hashable {
  /// The registry: `res.partner` and what hangs on it.
  case registry
  /// The submissions of an ODK form.
  case odk

  /// The kind that has records of the model.
  package init(holding model: String) {
    let isODK = model == ODK.mainModel || model.hasPrefix(ODK.mainModel + ".")
    self = isODK ? .odk : .registry
  }

  package var fileName: EntryName {
    switch self {
    case .registry: "snapshot.sqlite"
    case .odk: "odk.sqlite"
    }
  }

  /// The model that jobs are about.
  package var mainModel: String {
    switch self {
    case .registry: SnapshotReader.mainModel
    case .odk: ODK.mainModel
    }
  }
}
