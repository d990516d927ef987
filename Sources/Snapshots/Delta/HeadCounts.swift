internal import JSONText

/// What a head says of the whole that follows it: how many records of each model there are, and which
/// languages the registry speaks.
enum HeadCounts {
  /// `{"res.partner": 1000000, …}`.
  static func read(_ cursor: JSONCursor) throws(DocumentFault) -> [String: Int] {
    var members = try cursor.object()
    var counts: [String: Int] = [:]
    for (model, count) in members.all() {
      guard FieldName.isGoodModel(model) else {
        throw count.fault("bad_head", "this is no name of a model")
      }
      counts[model] = Int(try count.integer(in: 0...Int64.max))
    }
    return counts
  }

  /// Odoo's codes: `["en_US", "fr_FR", "sr@latin"]`.
  static func languages(_ cursor: JSONCursor) throws(DocumentFault) -> [String] {
    try cursor.array().map { language throws(DocumentFault) in
      let code = try language.string()
      let isCode = code.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || "0123456789_@".contains(Character(scalar)))
      }
      guard isCode, (2...20).contains(code.utf8.count) else {
        throw language.fault("bad_head", "a language is written as in Odoo: \"fr_FR\"")
      }
      return code
    }
  }

  /// - Parameter came: records by model, as they were read.
  /// - Throws: `countDiffers`, for the first model of which there are more or fewer than was said.
  static func require(
    _ said: [String: Int], came: [String: Int], file: String
  ) throws(SnapshotFault) {
    for (model, count) in said.sorted(by: { $0.key < $1.key }) {
      let found = came[model] ?? 0
      guard found != count else { continue }
      throw SnapshotFault(
        .countDiffers, "the head says \(count) records of \(model), and \(found) came",
        at: SnapshotPlace(file))
    }
  }
}
