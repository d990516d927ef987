internal import GRDB
internal import JSONText
internal import Language
internal import Snapshots

/// When a snapshot was taken, where it does not say so itself.
enum SnapshotTime {
  private static let fields = [
    (SnapshotReader.mainModel, "write_date"), ("g2p.reg.id", "write_date"),
    (ODK.mainModel, ODK.submissionDate),
  ]

  /// The newest `write_date` of registrants and their ids, or the newest submission: the snapshot is not older than that.
  static func newestWrite(_ catalog: ModelCatalog, in db: Database) throws -> UTCTime? {
    var newest: UTCTime?
    for (model, name) in fields {
      guard let field = catalog[model]?[name], field.isPresent, field.type == .datetime
      else { continue }
      let text = try String.fetchOne(db, sql: "SELECT max(\(quoted(name))) FROM \(quoted(model))")
      guard let time = text.flatMap(time) else { continue }
      newest = max(newest ?? time, time)
    }
    return newest
  }

  /// Of `2026-11-22 10:00:00.5`, its second.
  private static func time(_ text: String) -> UTCTime? {
    UTCTime(text: String(text.prefix(19).map { $0 == " " ? "T" : $0 }) + "Z")
  }
}
