import GRDB
package import Language
import Snapshots

extension Query {
  /// All that the operator is to be told before the answer is believed: mistakes by their looks,
  /// names that nobody has, and fields of which this form of export does not tell enough.
  /// - Parameter lacks: as `lacks(over:)` gave them.
  package func warnings(
    over snapshot: SnapshotStore, _ lacks: [Lack]
  ) throws -> [DomainWarning] {
    var all = warnings + lacks.compactMap(\.warning)
    let folding = QueryFolding(over: snapshot)
    try snapshot.timed {
      for doubt in doubts where try folding.isEmpty(doubt.ifEmpty) { all.append(doubt.warning) }
    }
    return all
  }

  /// The fields that are asked about and of which the form of the export does not tell enough.
  func losses(over snapshot: SnapshotStore) throws -> [Lack] {
    let form = snapshot.summary.form
    guard form == .searchRead || form == .csvExport else { return [] }
    var told: Set<String> = []
    return try touched.compactMap { touch in
      let name = name(of: touch.field.name, in: touch.model)
      guard !told.contains(name), let lack = try touch.loss(form, name, snapshot) else {
        return nil
      }
      told.insert(name)
      return lack
    }
  }
}

extension TouchedField {
  /// What this form of export has lost of this field, if the answer may hang on it.
  fileprivate func loss(
    _ form: SnapshotContents.Form, _ name: String, _ snapshot: SnapshotStore
  ) throws -> Lack? {
    guard let lost = try form == .csvExport ? lostInCSV(snapshot) : lost(snapshot.catalog) else {
      return nil
    }
    let export = form == .csvExport ? "CSV export" : "search_read export"
    return Lack(
      kind: .lostOnExport,
      fact:
        "in a \(export) \(lost), so that \(model).\(field.name) may pick otherwise than in Odoo",
      hint:
        "export with contrib/export_snapshot.py, which loses nothing; or say in the manifest \"accept_loss\": [\"\(name)\"]",
      field: name, mayPickTooMany: false, spot: place)
  }

  private func lostInCSV(_ snapshot: SnapshotStore) throws -> String? {
    switch field.type {
    case .integer where field.name == "id":
      guard try hasMadeUpIDs(model, snapshot) else { return nil }
      return "some records of \(model) come without the database's ids"
    case .char, .text, .html: return "an empty text reads as unset"
    case .datetime: return "times are those of whoever exported, and fractions of seconds are cut"
    case .many2one, .many2many:
      guard let relation = field.relation, try hasMadeUpIDs(relation, snapshot) else {
        return lost(snapshot.catalog)
      }
      return "records of \(relation) have names and no ids"
    default: return lost(snapshot.catalog)
    }
  }

  private func hasMadeUpIDs(_ model: String, _ snapshot: SnapshotStore) throws -> Bool {
    guard snapshot.catalog[model]?["id"]?.isPresent == true else { return false }
    return try snapshot.read { database in
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM \(quoted(model)) WHERE id < 0 AND id > ?)",
        arguments: [SnapshotOverlay.highest]) ?? false
    }
  }

  private func lost(_ catalog: ModelCatalog) -> String? {
    switch field.type {
    case .integer where field.name == "id": return nil
    case .integer, .float, .monetary: return "an unset number reads as 0"
    case .boolean where !isPlainBoolean: return "an unset boolean reads as false"
    case .datetime: return "fractions of seconds are cut"
    case .many2many where field.relation.flatMap({ catalog[$0]?["active"] }) != nil:
      return "links to archived records are left out"
    default: return nil
    }
  }
}
