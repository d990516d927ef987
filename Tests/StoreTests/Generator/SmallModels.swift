import JSONText

/// A field of the made-up models, and values that records have of it.
struct SmallField {
  let name: String
  let type: String
  var relation = ""
  var inverse = ""
  var related = ""
  var isStored = true
  var samples: [JSON] = []

  var isParent: Bool { name == "parent_id" }
  var isToMany: Bool { type == "one2many" || type == "many2many" }
  var isLink: Bool { type == "many2one" || isToMany }
}

/// What the generator knows of its four models: their fields, in the words of `fields_get`.
enum SmallModels {
  static let names = ["t.line", "t.person", "t.place", "t.tag"]

  static func fields(_ model: String) -> [SmallField] {
    [SmallField(name: "id", type: "integer")] + (own[model] ?? [])
  }

  static func field(_ name: String, of model: String) -> SmallField? {
    fields(model).first { $0.name == name }
  }

  /// The fields that a drop has a value for, but the id.
  static func stored(_ model: String) -> [SmallField] {
    (own[model] ?? []).filter { $0.isStored && $0.type != "one2many" }
  }

  static func fieldsGet(_ model: String) -> JSON {
    .object(
      fields(model).map { field in
        JSON.Member(
          field.name,
          .object(
            present: [
              ("type", .string(field.type)), ("store", .bool(field.isStored)),
              ("searchable", .bool(field.isStored || field.related != "")),
              ("relation", field.relation == "" ? nil : .string(field.relation)),
              ("relation_field", field.inverse == "" ? nil : .string(field.inverse)),
              ("related", field.related == "" ? nil : .string(field.related)),
            ]))
      })
  }

  private static let own: [String: [SmallField]] = [
    "t.person": [
      name, active, text("note"), many2one("parent_id", "t.person"),
      many2one("place_id", "t.place"),
      lines("child_ids", "t.person", "parent_id"), lines("line_ids", "t.line", "person_id"),
      SmallField(name: "tag_ids", type: "many2many", relation: "t.tag"),
      SmallField(name: "color", type: "integer", samples: [0, 1, -3, 12]),
      SmallField(
        name: "income", type: "float", samples: [0, 1, 0.5, -2.25, 1e15].map { .double($0) }),
      SmallField(name: "is_group", type: "boolean", samples: [true, false]),
      SmallField(name: "born", type: "date", samples: ["1990-05-01", "2000-02-29", "2024-12-31"]),
      SmallField(
        name: "seen", type: "datetime",
        samples: ["2024-01-02 00:00:00", "2024-01-02 23:59:59", "2024-01-02 23:59:59.5"]),
      SmallField(name: "kind", type: "selection", samples: ["new", "old"]),
      SmallField(name: "place_name", type: "char", related: "place_id.name", isStored: false),
      SmallField(name: "age", type: "integer", isStored: false),
    ],
    "t.line": [
      name, text("value"), many2one("person_id", "t.person"), many2one("tag_id", "t.tag"),
    ],
    "t.tag": [name, active, many2one("parent_id", "t.tag")],
    "t.place": [name, active, lines("person_ids", "t.person", "place_id")],
  ]

  private static let name = text("name")
  private static let active = SmallField(
    name: "active", type: "boolean", samples: [true, true, true, false])

  private static func text(_ name: String) -> SmallField {
    SmallField(name: name, type: "char", samples: SmallTexts.texts.map { .string($0) })
  }

  private static func many2one(_ name: String, _ relation: String) -> SmallField {
    SmallField(name: name, type: "many2one", relation: relation)
  }

  private static func lines(_ name: String, _ relation: String, _ inverse: String) -> SmallField {
    SmallField(name: name, type: "one2many", relation: relation, inverse: inverse)
  }
}

/// Few texts, so that they meet.
enum SmallTexts {
  static let texts = [
    "", "a", "A", "ab", "aB%", "a_b", "É", "é", "İ", "ς", "Σ", "1", "-3", "x\ny", "\\", "😀b",
  ]
  static let patterns = [
    "", "a", "A%", "%b", "_", "a_b", "a\\_b", "%", "é", "i", "σ", "\\", "\\\\", "a\\", "_b", "5",
    "t",
    "1990%", "0_", "e+15", "-", "zzz",
  ]
}
