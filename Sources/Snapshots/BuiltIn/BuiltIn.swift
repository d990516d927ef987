package import Language

/// The models of a registry as OpenG2P's modules on Odoo 17 have them, for drops that bring no
/// `fields_get` along: what can be searched or sent, without mail, pictures and bookkeeping.
package enum BuiltIn {
  package static let catalog = ModelCatalog(
    partnerModels + registrantModels + kindsModels + placesModels + systemModels)

  /// A model with the fields that all models have, and its own.
  static func model(_ name: String, _ fields: FieldDescription...) -> ModelDescription {
    named(ModelDescription(name, origin: .builtIn, fields: common + fields))
  }

  private static var common: [FieldDescription] {
    [
      stored("id", .integer, "ID"),
      computed("display_name", .char, "Display Name"),
      many2one("create_uid", "Created by", "res.users"),
      stored("create_date", .datetime, "Created on"),
      many2one("write_uid", "Last Updated by", "res.users"),
      stored("write_date", .datetime, "Last Updated on"),
    ]
  }

  /// A column.
  static func stored(
    _ name: String, _ type: FieldType, _ label: String, size: Int? = nil
  ) -> FieldDescription {
    FieldDescription(name, type, label: label, size: size)
  }

  /// A column with a text for each language.
  static func translated(
    _ name: String, _ type: FieldType, _ label: String
  ) -> FieldDescription {
    var field = stored(name, type, label)
    field.isTranslated = true
    return field
  }

  /// A selection, its keys with what people see instead.
  static func selection(
    _ name: String, _ label: String, _ choices: KeyValuePairs<String, String>
  ) -> FieldDescription {
    choosing(choices, FieldDescription(name, .selection, label: label))
  }

  /// A field with choices; labels that differ from site to site are left blank.
  private static func choosing(
    _ choices: KeyValuePairs<String, String>, _ field: FieldDescription
  ) -> FieldDescription {
    var field = field
    field.selection = choices.map(\.key)
    field.selectionLabels = choices.allSatisfy { $0.value.isEmpty } ? [] : choices.map(\.value)
    return field
  }

  static func many2one(_ name: String, _ label: String, _ relation: String) -> FieldDescription {
    FieldDescription(name, .many2one, label: label, relation: relation)
  }

  static func many2many(_ name: String, _ label: String, _ relation: String) -> FieldDescription {
    FieldDescription(name, .many2many, label: label, relation: relation)
  }

  /// A one2many, and the many2one that points back.
  static func lines(
    _ name: String, _ label: String, _ relation: String, by inverse: String,
    activeOnly: Bool = false
  ) -> FieldDescription {
    var field = FieldDescription(
      name, .one2many, label: label, relation: relation, inverse: inverse)
    field.listsActiveOnly = activeOnly
    return field
  }

  /// What Odoo reads over a path; no column.
  static func related(
    _ name: String, _ type: FieldType, _ label: String, _ path: String,
    choices: KeyValuePairs<String, String> = [:],
    size: Int? = nil, isTranslated: Bool = false
  ) -> FieldDescription {
    var field = FieldDescription(
      name, type, label: label, related: path, isStored: false, size: size)
    field.isTranslated = isTranslated
    return choosing(choices, field)
  }

  /// What Odoo works out; no column, and mostly not to be searched.
  static func computed(
    _ name: String, _ type: FieldType, _ label: String,
    choices: KeyValuePairs<String, String> = [:], size: Int? = nil,
    isSearchable: Bool = false
  ) -> FieldDescription {
    choosing(
      choices,
      FieldDescription(
        name, type, label: label, isStored: false, isSearchable: isSearchable, size: size))
  }
}
