internal import Language

/// What the name of a file says of the model of its records.
enum ModelName: Equatable {
  case model(String)
  /// It may be anything.
  case silent

  private static let packings = [".gz", ".zst", ".xz", ".bz2", ".zip"]
  private static let endings = [".ndjson", ".jsonl", ".json", ".csv", ".tsv", ".txt", ".xlsx"]
  private static let makers: Set<Substring> = ["search_read", "web_search_read", "read", "copy"]
  /// How Odoo's list view names an export of `res.partner`, and what people call it.
  private static let partners: Set<String> = ["contact", "contacts", "partner", "partners"]
  /// What names of models of Odoo, OpenG2P and OpenSPP begin with.
  private static let families = [
    "res.", "g2p.", "spp.", "ir.", "mail.", "hr.", "account.", "product.", "gender.", "queue.",
  ]

  /// - Parameter file: the name of a lone file, or of an entry without its folders.
  init(file: String) {
    self = Self.inBrackets(file) ?? Self.known(PartName.base(of: Self.stem(file)))
  }

  /// The name without endings that say how it was made and packed.
  static func stem(_ file: String) -> String {
    var stem = file[...]
    for ending in packings where stem.hasSuffix(ending) { stem.removeLast(ending.count) }
    for ending in endings where stem.lowercased().hasSuffix(ending) {
      stem.removeLast(ending.count)
      break
    }
    // As `TableName.stem` has it.
    if let dot = stem.lastIndex(of: "."), dot > stem.startIndex {
      let last = stem[stem.index(after: dot)...]
      if makers.contains(last) || last.hasPrefix("export") { stem = stem[..<dot] }
    }
    return String(stem)
  }

  /// Whether the name is that of a model, or of a model's table, as we know them.
  static func isKnown(_ name: String) -> Bool { known(name) != .silent }

  private static func known(_ stem: String) -> ModelName {
    if partners.contains(stem.lowercased()) { return .model(SnapshotReader.mainModel) }
    let model = TableName.model(stem, in: BuiltIn.catalog)
    if BuiltIn.catalog[model] != nil { return .model(model) }
    let isOdoo = families.contains { stem.hasPrefix($0) } && FieldName.isGoodModel(stem)
    return isOdoo ? .model(stem) : .silent
  }

  /// `Contact (res.partner).csv`.
  private static func inBrackets(_ file: String) -> ModelName? {
    // A browser puts the number of a second download behind it, in brackets as well.
    for part in file.split(separator: "(").dropFirst() {
      guard let close = part.firstIndex(of: ")") else { continue }
      let name = String(part[..<close])
      if name.contains("."), FieldName.isGoodModel(name) { return .model(name) }
    }
    return nil
  }
}

/// Names of files that hold a part of a model's records: `res.partner.1`, `res_partner_part2`,
/// `res.partner (2)`.
enum PartName {
  private static let words = ["part", "batch", "page", "chunk", "of"]

  /// The name without what tells the parts apart; empty if it is nothing else.
  static func base(of stem: String) -> String {
    var rest = stem[...]
    while let shorter = withoutNumber(rest) { rest = shorter }
    return String(rest)
  }

  private static func withoutNumber(_ name: Substring) -> Substring? {
    var rest = name
    let isBracketed = rest.last == ")"
    if isBracketed { rest.removeLast() }
    let digits = rest.reversed().prefix { ("0"..."9").contains($0) }.count
    guard digits > 0 else { return nil }
    rest.removeLast(digits)
    if isBracketed {
      guard rest.last == "(" else { return nil }
      rest.removeLast()
      return trimmed(rest)
    }
    var bare = trimmed(rest)
    var isApart = bare.count < rest.count || bare.isEmpty
    for word in words where bare.lowercased().hasSuffix(word) {
      let before = bare.dropLast(word.count)
      guard before.isEmpty || isSeparator(before.last) else { continue }
      bare = trimmed(before)
      isApart = true
    }
    return isApart ? bare : nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while isSeparator(text.last) { text.removeLast() }
    return text
  }

  private static func isSeparator(_ character: Character?) -> Bool {
    character == "." || character == "_" || character == "-" || character == " "
  }
}
