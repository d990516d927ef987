/// How records stand in a JSON file, told from its beginning: by the members around them, whatever
/// their order, since a JSON object has none.
enum JSONForm: Equatable {
  /// `[{…}, {…}]`.
  case list
  /// Objects, one a line.
  case lines
  /// Objects one after another, each over several lines, as `jq` prints them.
  case objects
  /// A list of records inside an answer, or several answers one after another or in a list.
  case answer(Answer)

  enum Answer: Equatable {
    /// JSON-RPC, or what its `result` would be.
    case odoo
    case odata(OData)
  }

  /// What OData holds.
  enum OData: Equatable {
    case submissions, entities
    /// The table of a repeat.
    case lines
    /// Nothing of ODK's.
    case other
  }

  private static let rpcNames: Set<String> = ["jsonrpc", "id", "result", "error"]

  /// - Parameter text: the first bytes of the file, without a byte order mark.
  /// - Throws: what `JSONRefusal` says, `errorAnswer`.
  init?(_ text: UnsafeBufferPointer<UInt8>, file: String) throws(SnapshotFault) {
    let outline = JSONOutline(text)
    guard let root = outline.root else { return nil }
    if let fault = JSONRefusal(outline).fault(file) { throw fault }
    if let answer = Self.answer(outline) {
      if case .odata(let data) = answer, let fault = data.refusal(file) { throw fault }
      self = .answer(answer)
    } else if root != .object {
      self = .list
    } else {
      if let fault = JSONRefusal(outline).envelope(file) { throw fault }
      let first = text.prefix(outline.end ?? text.count).drop { $0 != UInt8(ascii: "{") }
      self = first.contains(0x0A) || first.contains(0x0D) ? .objects : .lines
    }
  }

  private static func answer(_ outline: JSONOutline) -> Answer? {
    let names = outline.names
    guard !names.isEmpty else { return nil }
    if names.contains("value"), names.allSatisfy({ $0 == "value" || $0.hasPrefix("@odata.") }),
      outline.isRecords("value"), outline.root == .object
    {
      return .odata(odata(outline))
    }
    if names.isSubset(of: ["records", "length"]), outline.isRecords("records") { return .odoo }
    guard names.isSubset(of: rpcNames), names.contains("result") else { return nil }
    return outline.isRecords("result") || outline.isRecords("result/records") ? .odoo : nil
  }

  private static func odata(_ outline: JSONOutline) -> OData {
    let context = outline.texts["@odata.context"]
    let names = outline.names(in: "value")
    let system = outline.names(in: "value/__system")
    if let context, let told = OData(context: context) { return told }
    if names.contains(where: { $0.hasPrefix("__Submissions") }) { return .lines }
    if !system.isDisjoint(with: ["creatorId", "creatorName"]) { return .entities }
    return names.isEmpty || names.contains("__id") ? .submissions : .other
  }
}

extension JSONForm.OData {
  /// What Central's context says, `…/forms/F.svc/$metadata#Submissions`; nil if it says nothing.
  init?(context: String) {
    guard let mark = context.lastIndex(of: "#") else { return nil }
    let set = context[mark...].dropFirst()
    if set == "Submissions" {
      self = .submissions
    } else if set.hasPrefix("Submissions.") {
      self = .lines
    } else if set == "Entities" || context.contains("/datasets/") {
      self = .entities
    } else {
      self = .other
    }
  }

  /// Why it is not read; nil for submissions.
  func refusal(_ file: String) -> SnapshotFault? {
    let fact: String
    switch self {
    case .submissions: return nil
    case .entities: fact = "these are ODK Entities, not the submissions of a form"
    case .lines: fact = "this is the table of a repeat alone, without the submissions it belongs to"
    case .other: fact = "this is OData, and neither submissions of ODK Central's nor a registry"
    }
    return SnapshotFault(.otherData, fact, at: SnapshotPlace(file))
  }
}
