/// The SQL between the tables of a dump, line by line: what is harmless is passed over, and what
/// could hold or change records is refused.
struct DumpStatements {
  enum Answer: Equatable {
    case pass
    case copy(CopyStatement)
  }

  private static let harmless = [
    "SET ", "SELECT pg_catalog.set_config(", "SELECT pg_catalog.setval(", "CREATE ", "ALTER ",
    "COMMENT ON ", "GRANT ", "REVOKE ", "DROP ", "BEGIN;", "COMMIT;", "TRUNCATE ",
    "SELECT pg_catalog.lo_", "REFRESH MATERIALIZED VIEW ", "SECURITY LABEL ",
  ]
  /// What psql itself obeys, and does nothing to records.
  private static let commands = ["\\restrict ", "\\unrestrict ", "\\connect "]

  private let file: String
  /// Where the statement in hand goes on: inside of it, and of a text or a body of a function.
  private var isInside = false
  private var quote: String?
  private var isComment = false

  init(file: String) { self.file = file }

  /// - Throws: `dumpForm` for INSERTs, for a dump in another encoding than UTF-8, and for SQL that
  ///   is not known to be harmless.
  mutating func take(_ line: String, at number: Int) throws(SnapshotFault) -> Answer {
    if !isInside {
      let text = line.drop { $0 == " " || $0 == "\t" }
      if text.isEmpty || text.hasPrefix("--") { return .pass }
      if text.hasPrefix("COPY ") {
        guard let copy = CopyStatement(line) else {
          throw strange("a COPY of another form", number)
        }
        return .copy(copy)
      }
      if Self.commands.contains(where: text.hasPrefix) { return .pass }
      try judge(text, number)
    }
    follow(line)
    return .pass
  }

  private func judge(_ text: Substring, _ number: Int) throws(SnapshotFault) {
    if text.uppercased().hasPrefix("INSERT ") {
      throw strange("the dump holds its records as INSERTs", number)
    }
    if text.hasPrefix("SET client_encoding"), !text.contains("'UTF8'") {
      throw strange("the dump is in another encoding than UTF-8", number)
    }
    guard Self.harmless.contains(where: text.hasPrefix) || text.hasPrefix("/*") else {
      throw strange("this is SQL that pg_dump does not write beside records", number)
    }
  }

  private func strange(_ fact: String, _ line: Int) -> SnapshotFault {
    SnapshotFault(.dumpForm, fact, at: SnapshotPlace(file, line: line))
  }

  /// Whether the statement goes on in the next line: texts, bodies and comments may hold semicolons.
  private mutating func follow(_ line: String) {
    isInside = true
    var rest = line[...]
    while let character = rest.first {
      if isComment {
        if rest.hasPrefix("*/") { isComment = false }
        rest.removeFirst()
      } else if let quote {
        guard rest.hasPrefix(quote) else { rest.removeFirst(); continue }
        rest = rest.dropFirst(quote.count)
        self.quote = nil
      } else if rest.hasPrefix("--") {
        return
      } else if character == ";" {
        rest.removeFirst()
        isInside = !rest.allSatisfy { $0 == " " || $0 == "\r" }
      } else {
        if rest.hasPrefix("/*") { isComment = true }
        begin(&rest, character)
      }
    }
    if !isComment, quote == nil, line.hasSuffix("*/") { isInside = false }
  }

  private mutating func begin(_ rest: inout Substring, _ character: Character) {
    if character == "$" {
      let tag = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      if rest.dropFirst(tag.count + 1).first == "$" {
        quote = "$\(tag)$"
        rest = rest.dropFirst(tag.count + 2)
        return
      }
    }
    if character == "'" || character == "\"" { quote = String(character) }
    rest.removeFirst()
  }
}
