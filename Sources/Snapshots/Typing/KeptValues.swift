/// Values of a choice that are neither the label nor the key of one that is known. Odoo keeps what a
/// choice was when it was removed, and an export in another language has other labels: it is that
/// record's value, kept as it stands and counted.
final class KeptValues {
  /// What every note of this kind says.
  static let words = "kept as they stand"

  /// Where the column is.
  let place: SnapshotPlace
  let model: String
  var count = 0

  init(_ place: SnapshotPlace, of model: String) { (self.place, self.model) = (place, model) }

  /// Nil if there were none.
  var note: String? {
    guard count > 0 else { return nil }
    let values =
      count == 1 ? "1 value is no label and no key" : "\(count) values are no labels and no keys"
    return
      "\(place): \(values) of a choice that is known, \(Self.words); \(model).fields_get.json in the language of the export says what labels mean"
  }
}
