internal import JSONText
internal import Language

/// What `fields_get` cannot tell of a model: `MODEL.model.json` beside `MODEL.fields_get.json`, an
/// object with Odoo's own names of these attributes. A key that is missing leaves what is known.
struct ModelFacts: Equatable {
  /// Each is nil if the file does not speak of it.
  private var recName: String??
  private var recNamesSearch: [String]?
  private var activeName: String??
  private var parentName: String?
  private var inherits: [String: String]?

  /// - Throws: `badDescription`, also for a key that is not known.
  init(_ text: [UInt8], file: String, limits: SnapshotLimits) throws(SnapshotFault) {
    do {
      let bounds = JSONLimits(bytes: limits.descriptionBytes, depth: 8)
      try read(JSONCursor(JSONDocument(parsing: text, limits: bounds)))
    } catch let fault as DocumentFault {
      throw Self.bad(fault.fact, fault.position, fault.pointer, file)
    } catch let fault as JSONFault {
      throw Self.bad(fault.fact, fault.position, "", file)
    } catch {
      throw Self.bad("this is no description of a model", nil, "", file)
    }
  }

  /// The description with what the file says in place of what it said.
  func applied(to description: ModelDescription) -> ModelDescription {
    var model = description
    if let recName { model.recName = recName }
    if let recNamesSearch { model.recNamesSearch = recNamesSearch }
    if let activeName { model.activeName = activeName }
    if let parentName { model.parentName = parentName }
    if let inherits { model.inherits = inherits }
    return model
  }

  private mutating func read(_ cursor: JSONCursor) throws {
    var facts = try cursor.object()
    recName = try facts.optional("_rec_name").map(Self.field)
    recNamesSearch = try facts.optional("_rec_names_search").map(Self.paths)
    activeName = try facts.optional("_active_name").map(Self.field)
    parentName = try facts.optional("_parent_name").flatMap(Self.field)
    inherits = try facts.optional("_inherits").map(Self.links)
    // Nothing hangs on it yet.
    _ = try facts.optional("_order")?.string()
    try facts.finish()
  }

  private static func field(_ cursor: JSONCursor) throws -> String? {
    isUnset(cursor) ? nil : try path(cursor, steps: 1)
  }

  private static func paths(_ cursor: JSONCursor) throws -> [String] {
    isUnset(cursor) ? [] : try cursor.array().map { try path($0, steps: 10) }
  }

  private static func links(_ cursor: JSONCursor) throws -> [String: String] {
    var members = try cursor.object()
    let links = try members.all().map { model, link in
      guard FieldName.isGoodModel(model) else {
        throw link.fault("bad_model_name", "this is no name of a model")
      }
      return (model, try path(link, steps: 1))
    }
    return Dictionary(links) { first, _ in first }
  }

  /// A field, or several one behind the other.
  private static func path(_ cursor: JSONCursor, steps: Int) throws -> String {
    let path = try cursor.string()
    let names = path.split(separator: ".", omittingEmptySubsequences: false)
    guard names.count <= steps, names.allSatisfy({ FieldName.isGood($0.utf8) }) else {
      throw cursor.fault("bad_field_name", "this is no name of a field")
    }
    return path
  }

  /// Odoo writes `None` or `false` for what a model has not.
  private static func isUnset(_ cursor: JSONCursor) -> Bool {
    switch cursor.node.value {
    case .null, .bool(false): true
    default: false
    }
  }

  private static func bad(
    _ fact: String, _ position: TextPosition?, _ pointer: String, _ file: String
  ) -> SnapshotFault {
    SnapshotFault(
      .badDescription, fact,
      at: SnapshotPlace(file, line: position?.line, column: position?.column, pointer: pointer))
  }
}
