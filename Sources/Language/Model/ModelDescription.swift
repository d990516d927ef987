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

  /// `_rec_name`: the field that holds a record's name; nil where nothing says so, and then it is
  /// found by Odoo's rule (`nameField`).
  package var recName: String?
  /// `_rec_names_search`: the fields, or paths, that a name is looked up in; empty where it is
  /// looked up in `nameField` alone.
  package var recNamesSearch: [String] = []
  /// Whether something told how records are named, so that a model without names is known to have
  /// none.
  package var isNamingKnown = false
  /// `_active_name`: the field that is false for archived records; nil where nothing says so, and
  /// then it is found by Odoo's rule (`activeField`).
  package var activeName: String?
  /// `_parent_name`: the many2one that makes a tree of the model.
  package var parentName = "parent_id"
  /// `_inherits`: the models whose fields this one shows as its own, each with the many2one that
  /// leads there.
  package var inherits: [String: String] = [:]

  package init(_ name: String, origin: Origin, fields: [FieldDescription]) {
    self.name = name
    self.origin = origin
    self.fields = Dictionary(fields.map { ($0.name, $0) }) { _, last in last }
  }

  package subscript(field: String) -> FieldDescription? {
    get { fields[field] }
    set { fields[field] = newValue }
  }

  /// The field that holds a record's name: what was told, else `name`, else the `x_name` of a model
  /// that was made by hand; nil if there is none.
  package var nameField: FieldDescription? {
    if let recName { return fields[recName] }
    return fields["name"] ?? (isManual ? fields["x_name"] : nil)
  }

  /// The field that is false for archived records: what was told, else `active`, else `x_active`;
  /// nil if no record can be archived.
  package var activeField: FieldDescription? {
    if let activeName { return fields[activeName] }
    return fields["active"] ?? fields["x_active"]
  }

  /// Whether the model was made by hand, in Odoo's settings.
  package var isManual: Bool { name.hasPrefix("x_") }

  /// The same with what another description of this model tells of it beyond its fields.
  package func named(like other: ModelDescription) -> ModelDescription {
    var model = self
    model.recName = other.recName
    model.recNamesSearch = other.recNamesSearch
    model.isNamingKnown = other.isNamingKnown
    model.activeName = other.activeName
    model.parentName = other.parentName
    model.inherits = other.inherits
    return model
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
