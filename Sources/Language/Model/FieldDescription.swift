/// What Odoo's `fields_get` says of one field, as far as we use it.
package struct FieldDescription: Sendable, Hashable {
  package let name: String
  package var type: FieldType
  /// The label that people see.
  package var label: String
  /// The other model of a relational field; nil if it is not known.
  package var relation: String?
  /// For a one2many: the many2one of the other model that points back.
  package var inverse: String?
  /// For a related field: the path that it stands for (`id_type.name`).
  package var related: String?
  /// The keys of a selection field.
  package var selection: [String]
  /// What people see instead of the keys, key by key; empty where it is not known. A snapshot in the
  /// store does not keep them.
  package var selectionLabels: [String] = []
  /// Whether it is a column in Odoo's database.
  package var isStored: Bool
  /// Whether Odoo can search it: stored, related, or with a search method.
  package var isSearchable: Bool
  /// The most characters that the column takes; Odoo cuts a searched text to it.
  package var size: Int?
  /// For a one2many with the domain `[["active", "=", true]]` of its own: a look-up by name passes
  /// over archived lines.
  package var listsActiveOnly = false
  /// For a list with another domain of its own, which we do not apply.
  package var listsOnlySome = false
  /// For a list whose archived lines count even where archived records are left out.
  package var countsArchived = false
  /// Whether Odoo keeps the text in several languages. A snapshot in the store holds one of them.
  package var isTranslated = false
  /// Whether the snapshot at hand holds it; true for a description that belongs to no snapshot.
  package var isPresent = true

  package init(
    _ name: String, _ type: FieldType, label: String? = nil, relation: String? = nil,
    inverse: String? = nil, related: String? = nil, selection: [String] = [],
    isStored: Bool = true, isSearchable: Bool = true, size: Int? = nil
  ) {
    self.name = name
    self.type = type
    self.label = label ?? name
    self.relation = relation
    self.inverse = inverse
    self.related = related
    self.selection = selection
    self.isStored = isStored
    self.isSearchable = isSearchable
    self.size = size
  }
}

/// Odoo's field types, by the names that `fields_get` gives them.
package enum FieldType: String, Sendable, Hashable, CaseIterable {
  case char, text, html, selection
  case integer, float, monetary
  case boolean
  case date, datetime
  case many2one, one2many, many2many
  case binary
  /// Kept as it came, never searched: `json`, `properties`, `reference`, and whatever comes next.
  case other = "json"

  package init(odoo name: String) {
    self = FieldType(rawValue: name) ?? .other
  }

  package var isRelational: Bool { self == .many2one || isToMany }
  package var isToMany: Bool { self == .one2many || self == .many2many }
  package var isText: Bool { self == .char || self == .text || self == .html || self == .selection }
  package var isNumeric: Bool { self == .integer || self == .float || self == .monetary }
}
