internal import JSONText
internal import Language

/// What a snapshot keeps of a model beyond its fields, as one JSON text: what names its records,
/// hides them and makes a tree of them, and the models that it inherits from.
enum ModelNaming {
  static func text(_ model: ModelDescription) -> String {
    let inherits = model.inherits.sorted { $0.key < $1.key }
    return JSON.object([
      JSON.Member("rec_name", text(model.recName)),
      JSON.Member("rec_names_search", .array(model.recNamesSearch.map { .string($0) })),
      JSON.Member("naming_known", .bool(model.isNamingKnown)),
      JSON.Member("active_name", text(model.activeName)),
      JSON.Member("parent_name", .string(model.parentName)),
      JSON.Member("inherits", .object(inherits.map { JSON.Member($0.key, .string($0.value)) })),
    ]).line()
  }

  /// - Throws: `JSONFault` for what we did not write.
  static func read(_ text: String, into model: ModelDescription) throws -> ModelDescription {
    let json = try JSONDocument(parsing: text).root.json
    var model = model
    model.recName = json["rec_name"]?.text
    model.recNamesSearch = json["rec_names_search"]?.elements?.compactMap(\.text) ?? []
    model.isNamingKnown = json["naming_known"] == true
    model.activeName = json["active_name"]?.text
    model.parentName = json["parent_name"]?.text ?? model.parentName
    guard case .object(let inherits)? = json["inherits"] else { return model }
    for member in inherits { model.inherits[member.key] = member.value.text }
    return model
  }

  private static func text(_ name: String?) -> JSON { name.map { .string($0) } ?? .null }
}
