internal import Language

/// What the name of a column leads to: a field of the file's model, or of a model that it links to.
struct CSVPath: Hashable {
  /// Names of fields; the last may be `.id` (the number in the database) or `id` (an external id).
  let steps: [String]

  static let databaseID = ".id"
  static let externalID = "id"

  init(steps: [String]) { self.steps = steps }

  /// Whether it is the id of the file's own records.
  var isID: Bool { steps == [Self.databaseID] || steps == [Self.externalID] }

  /// Reads a column's name: fields' names or labels, with slashes between.
  /// - Returns: nil if some part is neither the name of a field nor the label of just one.
  init?(_ name: String, of model: String, in catalog: ModelCatalog) {
    guard let steps = Self.steps(name.split(separator: "/"), of: model, in: catalog) else {
      return nil
    }
    self.steps = steps
  }

  /// A label may hold a slash itself: `Phone/Mobile`.
  private static func steps(
    _ parts: [Substring], of model: String, in catalog: ModelCatalog
  ) -> [String]? {
    let description = catalog[model]
    for count in stride(from: parts.count, to: 0, by: -1) {
      let text = parts[..<count].joined(separator: "/")
      guard let step = step(text, of: description, isAlone: parts.count == 1) else { continue }
      guard count < parts.count else { return [step] }
      let relation = description?[step]?.relation ?? ""
      guard let rest = steps(Array(parts[count...]), of: relation, in: catalog) else { continue }
      return [step] + rest
    }
    return nil
  }

  private static func step(
    _ text: String, of description: ModelDescription?, isAlone: Bool
  ) -> String? {
    if text == databaseID || text == externalID { return text }
    if description?[text] != nil { return text }
    if text == "ID" { return databaseID }
    if text == "External ID" { return externalID }
    let labelled = (description?.fields.values ?? [:].values).filter { $0.label == text }
    if labelled.count == 1 { return labelled.first?.name }
    let stored = labelled.filter { $0.isStored && $0.type != .binary }
    if stored.count == 1 { return stored.first?.name }
    // A field that nobody described.
    return labelled.isEmpty && isAlone && FieldName.isGood(text.utf8) ? text : nil
  }
}
