/// What a file inside a tar or zip is, told by its name.
enum EntryRole: Equatable {
  case records(model: String)
  /// CSV, by its name.
  case table(String)
  case description(model: String)
  /// What `fields_get` cannot tell of a model.
  case facts(model: String)
  /// What the snapshot says of itself.
  case head
  /// What a delta removes.
  case deletions
  /// Something that packers add on their own account.
  case litter
  /// Something for people to read, or a sum or signature: told of, and passed over.
  case stray

  private static let deletionsName = "deleted.ndjson"
  private static let descriptionEnding = ".fields_get.json"
  private static let factsEnding = ".model.json"
  private static let recordEndings = [
    ".search_read.ndjson", ".search_read.json", ".search_read.jsonl", ".ndjson", ".jsonl", ".json",
  ]

  /// - Throws: `unknownEntry`, `badModelName`.
  init(_ path: String) throws(SnapshotFault) {
    let parts = path.split(separator: "/")
    // Odoo's models are in small letters; what a file system makes of them is not.
    guard let name = parts.last.map({ Substring($0.lowercased()) }) else {
      throw SnapshotFault(.unknownEntry, "an entry without a name")
    }
    if parts.contains("__MACOSX") || parts.contains(where: { $0.hasPrefix(".") && $0 != "." }) {
      self = .litter
    } else if name == SnapshotHead.entryName {
      self = .head
    } else if name == Self.deletionsName {
      self = .deletions
    } else if name.hasSuffix(Self.descriptionEnding) {
      self = .description(model: try Self.model(name, Self.descriptionEnding, path))
    } else if name.hasSuffix(Self.factsEnding) {
      self = .facts(model: try Self.model(name, Self.factsEnding, path))
    } else if let ending = Self.recordEndings.first(where: { name.hasSuffix($0) }) {
      self = .records(model: try Self.model(name, ending, path))
    } else if let stem = TableName.stem(String(name)) {
      let table = EntryModel(stem, in: parts.dropLast().last).name
      guard FieldName.isGoodModel(table) else { throw Self.badModel(path) }
      self = .table(table)
    } else if Self.isStray(name) {
      self = .stray
    } else {
      throw SnapshotFault(
        .unknownEntry, "this is not a file of records that Airlock can read",
        at: SnapshotPlace(path))
    }
  }

  var isPassedOver: Bool { self == .litter || self == .stray }

  private static func isStray(_ name: Substring) -> Bool {
    if [".sha256", ".minisig", ".sig", ".asc"].contains(where: name.hasSuffix) { return true }
    // What may be the records of a model under another ending is never passed over.
    let parts = name.split(separator: ".")
    return parts.count == 2 && !parts[0].contains("_")
      && ["txt", "md", "log", "pdf", "html"].contains(parts[1])
  }

  private static func model(
    _ name: Substring, _ ending: String, _ path: String
  ) throws(SnapshotFault) -> String {
    let folder = path.split(separator: "/").dropLast().last
    let model = EntryModel(String(name.dropLast(ending.count)), in: folder).name
    guard FieldName.isGoodModel(model) else { throw badModel(path) }
    return model
  }

  private static func badModel(_ path: String) -> SnapshotFault {
    SnapshotFault(
      .badModelName, "the file is not named by an Odoo model", at: SnapshotPlace(path))
  }
}
