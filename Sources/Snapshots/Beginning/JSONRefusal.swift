internal import Language

/// What JSON turns out not to be an export of records, in words that lead on: error answers, answers
/// to other questions, and what other programs write.
struct JSONRefusal {
  private let outline: JSONOutline
  private let names: Set<String>

  init(_ outline: JSONOutline) {
    self.outline = outline
    names = outline.names
  }

  /// The fault; nil if there is nothing to be said against it.
  func fault(_ file: String) -> SnapshotFault? {
    let place = SnapshotPlace(file)
    if let error = error { return SnapshotFault(.errorAnswer, error, at: place) }
    if let fact = odoo { return SnapshotFault(.notJSON, fact, at: place) }
    if let fact = rows { return SnapshotFault(.nameless, fact, at: place) }
    if let fact = pandas { return SnapshotFault(.notByRecord, fact, at: place) }
    if let fact = others { return SnapshotFault(.otherData, fact, at: place) }
    return nil
  }

  private static let wrappers: Set<String> = [
    "data", "records", "partners", "registrants", "results", "items", "rows", "content",
  ]

  /// The fault of an object that is no record, but holds registrants in a list below a name of its own;
  /// nil for any other.
  func envelope(_ file: String) -> SnapshotFault? {
    let own = BuiltIn.catalog[SnapshotReader.mainModel]?.fields.keys
    let list = names.sorted().first { name in
      let inner = outline.names(in: name)
      return own?.contains(name) != true && outline.isRecords(name) && inner.contains("id")
        && !inner.isDisjoint(with: LoneFile.marks)
    }
    guard let list else { return nil }
    // Only a usual word is repeated: lists may be named by persons.
    let word = Self.wrappers.contains(list) ? list : "NAME"
    let fact =
      "the records stand in a list inside of an object; type: jq -c '.\(word)[]' FILE > res.partner.ndjson"
    return SnapshotFault(.otherData, fact, at: SnapshotPlace(file))
  }

  /// An error answer: the server's class of error, and no more.
  private var error: String? {
    guard names.isSubset(of: ["jsonrpc", "id", "error", "result"]),
      outline.kinds["error"] == .object
    else { return nil }
    return "this is an error answer of Odoo, not an export"
      + Self.words(name: outline.texts["error/data/name"], code: outline.texts["error/code"])
  }

  /// Only what looks like the name of a class is repeated.
  static func words(name: String?, code: String?) -> String {
    let isClass =
      name.map { name in
        name.utf8.count <= 100
          && name.utf8.allSatisfy {
            (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E || $0 == 0x5F
          }
      } ?? false
    let number = code.flatMap { Int($0) }
    let parts = [isClass ? name : nil, number.map { "code \($0)" }].compactMap(\.self)
    return parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
  }

  private var odoo: String? {
    guard names.contains("jsonrpc"), let result = outline.kinds["result"] else { return nil }
    switch result {
    case .list(first: .scalar):
      return "a JSON-RPC answer with ids alone, as `search` gives them; ask for `search_read`"
    case .list: return nil
    case .object where outline.isRecords("result/records"): return nil
    case .object where outline.kinds["result/datas"] != nil: return nil
    case .object, .scalar: return "a JSON-RPC answer whose \"result\" is no list of records"
    }
  }

  /// Values without names of fields.
  private var rows: String? {
    let datas = ["datas", "result/datas"].contains { outline.kinds[$0] != nil }
    if datas, names.isSubset(of: ["datas", "jsonrpc", "id", "result"]) {
      return "this is an answer of export_data, in which no value says of which field it is"
    }
    guard outline.root == .list(first: .list) else { return nil }
    return "these are rows of values, and nothing says of which field a value is"
  }

  private var pandas: String? {
    if names.contains("data"), names.isSubset(of: ["columns", "index", "data"]), names.count > 1 {
      return "this is a table as pandas writes it with orient=\"split\""
    }
    if names == ["schema", "data"] {
      return "this is a table as pandas writes it with orient=\"table\""
    }
    guard outline.root == .object, !names.isEmpty,
      names.allSatisfy({ outline.kinds[$0] == .object })
    else { return nil }
    let isIndexed = names.allSatisfy { Int($0) != nil }
    let isByColumn = names.allSatisfy { name in
      let inner = outline.names(in: name)
      return !inner.isEmpty && inner.allSatisfy { Int($0) != nil }
    }
    return isIndexed || isByColumn ? "this is a table as pandas writes it by column or index" : nil
  }

  private var others: String? {
    if names.contains("op") && names.contains("after")
      || names.isSubset(of: ["schema", "payload"]) && outline.kinds["payload/after"] != nil
      || names.isSubset(of: ["schema", "payload"]) && outline.kinds["payload/op"] != nil
    {
      return "these are changes as Debezium tells them, not the records of a registry"
    }
    if names.contains("__domain")
      || names.contains("groups") && names.isSubset(of: ["groups", "length"])
    {
      return "this is an answer of read_group: counts by group, not records"
    }
    if names.isSubset(of: ["count", "next", "previous", "results"]), names.contains("results") {
      return
        "this is one page of an answer in the manner of KoboToolbox, not of Odoo or ODK Central"
    }
    if names.isSuperset(of: ["instanceId", "submitterId"]) {
      return "this is ODK Central's list of submissions, without what was answered in them"
    }
    if outline.isRecords("ids"), outline.kinds["reg_ids"] == nil,
      outline.kinds["ids/id_type"] == .scalar
    {
      return
        "this is what OpenG2P's REST API answers: its \"ids\" name their types and have no links"
    }
    if let fields = outline.kinds["fields"], fields == .object, names.contains("model") {
      return "these are records as Odoo's or Django's fixtures write them"
    }
    return nil
  }
}
