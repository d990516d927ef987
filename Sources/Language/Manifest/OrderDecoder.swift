import JSONText

/// `order`, in Odoo's words: `"create_date desc, id"`. Whether the fields are there, and can be
/// sorted by, is the snapshot's to say.
enum OrderDecoder {
  static let mostTerms = 16

  static func read(_ cursor: JSONCursor) throws(DocumentFault) -> [OrderTerm] {
    let text = try cursor.string()
    let parts =
      text.utf8.count > 1024 ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
    guard (1...mostTerms).contains(parts.count) else {
      throw cursor.fault("bad_order", "an order names from 1 to \(mostTerms) fields")
    }
    var terms: [OrderTerm] = []
    for part in parts {
      guard let term = term(part, cursor) else {
        throw cursor.fault(
          "bad_order", "this is not an order as Odoo writes it",
          hint:
            "name fields with commas between, \"asc\" or \"desc\" behind each: \"create_date desc, id\""
        )
      }
      guard !terms.contains(where: { $0.field == term.field }) else {
        throw cursor.fault("duplicate_field", "the order names a field twice")
      }
      terms.append(term)
    }
    return terms
  }

  /// `field [asc|desc] [nulls first|last]`, in whatever case, as PostgreSQL reads it: the unset are
  /// greater than everything, so last unless the order is descending.
  private static func term(_ text: Substring, _ cursor: JSONCursor) -> OrderTerm? {
    var words = text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }[...]
    guard let quoted = words.popFirst() else { return nil }
    let isQuoted = quoted.hasPrefix("\"") && quoted.hasSuffix("\"") && quoted.utf8.count > 2
    let name = isQuoted ? String(quoted.dropFirst().dropLast()) : quoted
    guard isField(name) else { return nil }
    let direction = ["asc", "desc"].contains(words.first ?? "") ? words.popFirst() : nil
    var unsetFirst = direction == "desc"
    if words.first == "nulls", words.count == 2 {
      guard let side = words.last, side == "first" || side == "last" else { return nil }
      unsetFirst = side == "first"
      words = []
    }
    guard words.isEmpty else { return nil }
    return OrderTerm(
      field: name, isDescending: direction == "desc", unsetFirst: unsetFirst, place: cursor)
  }

  private static func isField(_ name: String) -> Bool {
    (1...63).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
      }
  }
}
