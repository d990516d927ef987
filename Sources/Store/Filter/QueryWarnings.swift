package import Language
import Snapshots

extension Query {
  /// All that the operator is to be told before the answer is believed: mistakes by their looks,
  /// names that nobody has, and fields of which this form of export does not tell enough.
  package func warnings(over snapshot: SnapshotStore) throws -> [DomainWarning] {
    var all = warnings
    let folding = QueryFolding(over: snapshot)
    try snapshot.timed {
      for doubt in doubts where try folding.isEmpty(doubt.ifEmpty) { all.append(doubt.warning) }
    }
    if snapshot.summary.form == .searchRead {
      var told: Set<String> = []
      for touch in touched where told.insert("\(touch.model).\(touch.field.name)").inserted {
        if let warning = touch.loss(snapshot.catalog) { all.append(warning) }
      }
    }
    return all
  }
}

extension TouchedField {
  /// What a `search_read` export has lost of this field, if the answer may hang on it.
  fileprivate func loss(_ catalog: ModelCatalog) -> DomainWarning? {
    let lost: String
    switch field.type {
    case .integer where field.name == "id": return nil
    case .integer, .float, .monetary: lost = "an unset number reads as 0"
    case .boolean where !isPlainBoolean: lost = "an unset boolean reads as false"
    case .datetime: lost = "fractions of seconds are cut"
    case .many2many where field.relation.flatMap({ catalog[$0]?["active"] }) != nil:
      lost = "links to archived records are left out"
    default: return nil
    }
    return DomainWarning(
      code: "lost_on_export",
      message:
        "in a search_read export \(lost), so that \(model).\(field.name) may pick otherwise than in Odoo",
      place: place)
  }
}
