internal import JSONText
internal import Language

/// Reads a `fields_get` answer: an object with one member a field.
enum FieldsGet {
  /// - Parameter known: what stands in for what an answer leaves out (it can be asked for with few
  ///   attributes).
  /// - Throws: `badDescription`.
  static func read(
    _ bytes: [UInt8], model: String, known: ModelDescription?, file: String,
    limits: SnapshotLimits
  ) throws(SnapshotFault) -> ModelDescription {
    do {
      let document = try JSONDocument(
        parsing: bytes, limits: JSONLimits(bytes: limits.descriptionBytes, depth: 64))
      var members = try JSONCursor(document).object()
      let fields = members.all()
      guard fields.count <= limits.fields else {
        throw SnapshotFault(.tooManyFields, "\(model) has more than \(limits.fields) fields")
      }
      var described = BuiltIn.named(
        ModelDescription(
          model, origin: .fieldsGet,
          fields: try fields.map { try field($0.key, $0.value, known?[$0.key]) }))
      if let depends = try dependencies(of: "display_name", fields) {
        described.isNamingKnown = true
        if let name = depends.last, described[name] != nil { described.recName = name }
      }
      return described
    } catch {
      throw translated(error, file)
    }
  }

  private static func field(
    _ name: String, _ cursor: JSONCursor, _ known: FieldDescription?
  ) throws -> FieldDescription {
    guard FieldName.isGood(name.utf8) else {
      throw cursor.fault("bad_field_name", "this is no name of a field")
    }
    var members = try cursor.object()
    let type = FieldType(odoo: try members.required("type").string())
    let same = known.flatMap { $0.type == type ? $0 : nil }
    let choices = try choices(members.optional("selection"))
    var field = FieldDescription(
      name, type,
      label: try text(members.optional("string")),
      relation: try text(members.optional("relation")) ?? same?.relation,
      inverse: try text(members.optional("relation_field")) ?? same?.inverse,
      related: try text(members.optional("related")) ?? same?.related,
      selection: choices.map(\.key),
      isStored: try flag(members.optional("store")) ?? same?.isStored ?? true,
      isSearchable: try flag(members.optional("searchable")) ?? same?.isSearchable ?? true,
      size: try members.optional("size").map { Int(try $0.integer(in: 1...1_000_000)) })
    field.selectionLabels = choices.map(\.label)
    field.isTranslated = translated(members.optional("translate")) ?? same?.isTranslated ?? false
    guard type.isToMany else { return field }
    let domain = members.optional("domain")?.node.json
    field.listsActiveOnly = domain == activeOnly
    field.listsOnlySome = !field.listsActiveOnly && !isEmpty(domain)
    field.countsArchived = members.optional("context")?.node.json["active_test"] == false
    return field
  }

  /// What a computed field is made from. `display_name` tells of `_rec_name`: it stands behind
  /// whatever a module adds.
  private static func dependencies(
    of name: String, _ fields: [(key: String, value: JSONCursor)]
  ) throws -> [String]? {
    guard let field = fields.first(where: { $0.key == name })?.value else { return nil }
    var members = try field.object()
    guard let depends = members.optional("depends"), case .array = depends.node.value else {
      return nil
    }
    return try depends.array().map { try $0.string() }
  }

  private static let activeOnly: JSON = [["active", "=", true]]

  private static func isEmpty(_ domain: JSON?) -> Bool {
    domain == nil || domain == [] || domain == false || domain == "[]"
  }

  /// Odoo writes `false` for a text that is unset.
  private static func text(_ cursor: JSONCursor?) throws -> String? {
    guard let cursor else { return nil }
    if case .bool(false) = cursor.node.value { return nil }
    return try cursor.string()
  }

  /// A field that is translated in parts has a function there, which is written as a text.
  private static func translated(_ cursor: JSONCursor?) -> Bool? {
    switch cursor?.node.value {
    case .bool(let flag): flag
    case .string: true
    default: nil
    }
  }

  private static func flag(_ cursor: JSONCursor?) throws -> Bool? { try cursor?.bool() }

  /// Keys and labels; a key may be a number, and unset is none.
  private static func choices(
    _ cursor: JSONCursor?
  ) throws -> [(key: String, label: String)] {
    guard let cursor, case .array = cursor.node.value else { return [] }
    return try cursor.array().compactMap { pair in
      let both = try pair.array()
      guard let key = both.first else { return nil }
      let label = both.count > 1 ? try text(both[1]) ?? "" : ""
      switch key.node.value {
      case .string(let text): return (text, label)
      case .int(let number): return (String(number), label)
      default: return nil
      }
    }
  }

  private static func translated(_ error: any Error, _ file: String) -> SnapshotFault {
    switch error {
    case let fault as SnapshotFault:
      SnapshotFault(fault.kind, fault.fact, at: SnapshotPlace(file))
    case let fault as DocumentFault: bad(fault.fact, fault.position, file, fault.pointer)
    case let fault as JSONFault: bad(fault.fact, fault.position, file, "")
    default: bad("this is no description of a model", nil, file, "")
    }
  }

  private static func bad(
    _ fact: String, _ position: TextPosition?, _ file: String, _ pointer: String
  ) -> SnapshotFault {
    SnapshotFault(
      .badDescription, fact,
      at: SnapshotPlace(file, line: position?.line, column: position?.column, pointer: pointer))
  }
}
