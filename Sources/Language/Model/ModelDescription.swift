/// One model: its fields by name, as `fields_get` gives them or as the built-in description has them.
package struct ModelDescription: Sendable, Hashable {
  /// Where a description came from.
  package enum Origin: String, Sendable, Hashable {
    case fieldsGet = "fields_get"
    case builtIn = "built-in"
    /// Nothing was said of the model; its fields were read off its records.
    case inferred
  }

  /// Odoo's technical name: `res.partner`.
  package let name: String
  package var origin: Origin
  package private(set) var fields: [String: FieldDescription]

  package init(_ name: String, origin: Origin, fields: [FieldDescription]) {
    self.name = name
    self.origin = origin
    self.fields = Dictionary(fields.map { ($0.name, $0) }) { _, last in last }
  }

  package subscript(field: String) -> FieldDescription? {
    get { fields[field] }
    set { fields[field] = newValue }
  }
}

/// Every model of a registry, by name.
package struct ModelCatalog: Sendable, Hashable {
  package private(set) var models: [String: ModelDescription]

  package init(_ models: [ModelDescription]) {
    self.models = Dictionary(models.map { ($0.name, $0) }) { _, last in last }
  }

  package subscript(model: String) -> ModelDescription? {
    get { models[model] }
    set { models[model] = newValue }
  }

  /// This catalog with the other's models in place of its own of the same name.
  package func overlaid(by other: ModelCatalog) -> ModelCatalog {
    ModelCatalog(Array(models.merging(other.models) { _, theirs in theirs }.values))
  }
}
