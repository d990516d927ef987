internal import Language

/// What becomes of columns whose names nobody knows: a label in another language is none of a
/// field's, and so is that of a field that was made at the site.
struct CSVLabels {
  let model: String
  let catalog: ModelCatalog
  private let names: [String]

  init(_ header: CSVHeader, of model: String, in catalog: ModelCatalog) {
    (self.model, self.catalog, names) = (model, catalog, header.names)
  }

  /// The model in which a column's name leads nowhere.
  func modelThatLacks(_ name: String) -> String {
    let parts = name.split(separator: "/")
    for count in stride(from: parts.count - 1, to: 0, by: -1) {
      let head = parts[..<count].joined(separator: "/")
      guard let path = CSVPath(head, of: model, in: catalog) else { continue }
      let end = path.steps.reduce(model) { catalog[$0]?[$1]?.relation ?? $0 }
      if end != model { return end }
    }
    return model
  }

  /// Models in whose language nothing is known, so that a snapshot would lack what it is for: most of
  /// the file's columns, or the value or the type of the registrants' ids.
  func foreign(_ paths: [CSVPath?]) -> [String] {
    guard let own = catalog[model] else { return [] }
    let unknown = names.indices.filter { isUnknown(names[$0], paths[$0], own) }
    var lacking = Set(unknown.map { modelThatLacks(names[$0]) })
    if unknown.count > 2, unknown.count * 2 > names.count {
      // Of a path whose first label is not known nothing is known; ids are what nobody can do without.
      if unknown.contains(where: { names[$0].contains("/") }) { lacking.insert(JoinedVID.model) }
      return lacking.union([model]).sorted()
    }
    return lacksIDs(paths, lacking) ? [JoinedVID.model] : []
  }

  private func isUnknown(_ name: String, _ path: CSVPath?, _ own: ModelDescription) -> Bool {
    guard let path else { return true }
    // No field is named by a label, with a capital letter.
    return path.steps == [name] && own[name] == nil && name.first?.isUppercase == true
  }

  private func lacksIDs(_ paths: [CSVPath?], _ lacking: Set<String>) -> Bool {
    guard lacking.contains(JoinedVID.model) else { return false }
    let known = Set(paths.compactMap { $0?.steps }.filter { $0.count > 1 }.map { $0[1] })
    return !known.contains("value") || !known.contains("id_type")
  }
}
