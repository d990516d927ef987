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
  /// The many2one to the record whose field this is (`_inherits`).
  var inheritedOver = ""
  var isRequired = false
  var listsActive = false

  var isParent: Bool { name == "parent_id" }
  var isToMany: Bool { type == "one2many" || type == "many2many" }
  var isLink: Bool { type == "many2one" || isToMany }
}

/// What the generator knows of its models: their fields, in the words of `fields_get`. Two bear the
/// names of real ones, since what names a record and what a model inherits is known of those.
enum SmallModels {
  static let person = "res.partner"
  static let member = "g2p.program_membership"
  static let names = [
    member, "res.company", person, "t.line", "t.place", "t.tag", "x_kind",
  ]

  /// The fields that a name is looked up in.
  static func names(of model: String) -> [String] {
    switch model {
    case person: ["complete_name", "ref"]
    case "t.tag": ["code"]
    case "x_kind": ["x_name"]
    // Nothing names a line.
    case "t.line": []
    default: ["name"]
    }
  }

  /// The field that tells archived records.
  static func active(_ model: String) -> SmallField? {
    field("active", of: model) ?? field("x_active", of: model)
  }

  static func fields(_ model: String) -> [SmallField] {
    [SmallField(name: "id", type: "integer")] + (own[model] ?? [])
      + (model == member ? inherited : [])
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
      [JSON.Member("display_name", displayName(model))]
        + fields(model).map { field in
          JSON.Member(
            field.name,
            .object(
              present: [
                ("type", .string(field.type)), ("store", .bool(field.isStored)),
                ("searchable", .bool(field.isStored || field.related != "")),
                ("relation", field.relation == "" ? nil : .string(field.relation)),
                ("relation_field", field.inverse == "" ? nil : .string(field.inverse)),
                ("related", field.related == "" ? nil : .string(field.related)),
                ("domain", field.listsActive ? [["active", "=", true]] : nil),
              ]))
        })
  }

  private static func displayName(_ model: String) -> JSON {
    let recName = model == person ? ["name"] : names(of: model)
    return [
      "type": "char", "store": false, "searchable": false,
      "depends": .array(recName.map { .string($0) }),
    ]
  }

  /// The fields of a person that a member shows as its own.
  private static let inherited = [
    "name", "active", "ref", "place_id", "company_id", "tag_ids", "child_ids", "color", "is_group",
    "born", "place_name",
  ].compactMap { name in
    field(name, of: person).map {
      SmallField(
        name: name, type: $0.type, relation: $0.relation, related: "partner_id.\(name)",
        isStored: false, samples: $0.samples, inheritedOver: "partner_id")
    }
  }

  private static let own: [String: [SmallField]] = [
    person: [
      name, active, text("complete_name"), text("ref"), many2one("parent_id", person),
      many2one("place_id", "t.place"), many2one("company_id", "res.company"),
      many2one("kind_id", "x_kind"),
      SmallField(name: "kind_ids", type: "many2many", relation: "x_kind"),
      SmallField(
        name: "child_ids", type: "one2many", relation: person, inverse: "parent_id",
        listsActive: true),
      lines("line_ids", "t.line", "person_id"), lines("member_ids", member, "partner_id"),
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
      text("value"), many2one("person_id", person), many2one("tag_id", "t.tag"),
    ],
    "t.tag": [name, text("code"), active, many2one("parent_id", "t.tag")],
    "t.place": [name, active, lines("person_ids", person, "place_id")],
    "x_kind": [
      text("x_name"), SmallField(name: "x_active", type: "boolean", samples: [true, true, false]),
    ],
    "res.company": [
      name, active, many2one("parent_id", "res.company"),
      lines("staff_ids", person, "company_id"),
      SmallField(
        name: "partner_name", type: "char", related: "partner_id.name", isStored: false),
      many2one("partner_id", person),
    ],
    member: [
      SmallField(name: "partner_id", type: "many2one", relation: person, isRequired: true),
      text("state"),
    ],
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
