import JSONText

/// The model that is asked about, and whether its archived records are hidden.
struct Scope {
  let model: ModelDescription
  let activeTest: Bool

  func column(_ field: FieldDescription) -> Column { Column(name: field.name, type: field.type) }

  /// Only for one2many and many2many fields with a known co-model.
  func link(_ field: FieldDescription) -> Link {
    Link(
      model: model.name, field: field.name, comodel: field.relation ?? "",
      inverse: field.type == .one2many ? field.inverse : nil)
  }
}

/// What comes up on the way.
struct ResolverNotes {
  var guards: [Guard] = []
  var doubts: [Doubt] = []
  var touched: [TouchedField] = []
  /// Related fields that are being followed, one inside the other.
  var relatedHops = 0

  /// - Throws: `not_searchable` for related fields that lead in a circle.
  mutating func follow(_ field: FieldDescription, at place: Place) throws(DomainFault) {
    relatedHops += 1
    guard relatedHops <= 16 else {
      throw DomainFault(
        .notSearchable, "the related field \(field.name) leads in a circle", place,
        hint: "the model's description (fields_get) is broken")
    }
  }

  mutating func touch(
    _ field: FieldDescription, of model: ModelDescription, at place: Place, _ leaf: Leaf?
  ) {
    touched.append(
      TouchedField(
        model: model.name, field: field, isPlainBoolean: leaf?.asksTrueOrFalse ?? false,
        place: place))
  }

  /// Says so if nobody has the name that is looked up.
  mutating func doubt(_ set: RecordSet, of model: ModelDescription, at place: Place) {
    doubts.append(
      Doubt(
        ifEmpty: set,
        warning: DomainWarning(
          code: "name_not_found",
          message: "no record of \(model.name) has the name that is asked for",
          place: place)))
  }
}

extension Leaf {
  fileprivate var asksTrueOrFalse: Bool {
    switch (operation, value) {
    case (.equal, .bool), (.notEqual, .bool): true
    case (.isIn, .array(let items)), (.notIn, .array(let items)):
      items.allSatisfy { $0 == .bool(true) || $0 == .bool(false) }
    default: false
    }
  }
}
