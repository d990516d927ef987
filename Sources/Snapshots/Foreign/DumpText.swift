/// What `pg_dump` writes as plain text, told by its beginning.
enum DumpText {
  private static let heading = "-- PostgreSQL database"
  private static let beginnings = [
    "copy ", "set ", "insert into ", "select pg_catalog.", "create ", "alter ", "\\restrict ",
    "begin;", "truncate ",
  ]

  /// Whether a file is a dump, or a piece that somebody cut out of one.
  static func isDump(_ start: ArraySlice<UInt8>) -> Bool {
    let mark = start.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var rest = start.dropFirst(mark).prefix(16 << 10)
    while !rest.isEmpty {
      rest = rest.drop(while: Blank.matches)
      let line = rest.prefix { $0 != 0x0A }
      if line.starts(with: heading.utf8) { return true }
      guard line.starts(with: "--".utf8) || line.isEmpty else { return begins(line) }
      rest = rest.dropFirst(line.count)
    }
    return false
  }

  /// A statement is told by its first word, and that no table's header looks so.
  private static func begins(_ line: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: line.prefix(400), as: UTF8.self).lowercased()
    guard let word = beginnings.first(where: text.hasPrefix) else { return false }
    return word == "copy " ? text.contains(" from stdin") : true
  }

  static func isJSON(_ start: ArraySlice<UInt8>) -> Bool {
    let first = start.first { !Blank.matches($0) && ![0xEF, 0xBB, 0xBF].contains($0) }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }
}

/// `COPY public.res_partner (id, "group") FROM stdin;`
struct CopyStatement: Equatable {
  /// Without the schema of all Odoo tables.
  let table: String
  let columns: [String]

  /// Nil if it is not of the form in which `pg_dump` writes it.
  init?(_ line: String) {
    var rest = line[...]
    guard Self.take("COPY ", &rest), let path = Self.names(&rest, between: "."),
      Self.take(" (", &rest), let columns = Self.names(&rest, between: ", "),
      Self.take(") FROM stdin;", &rest), rest.isEmpty
    else { return nil }
    guard path.count <= 2 else { return nil }
    table = path.first == "public" ? path.last ?? "" : path.joined(separator: ".")
    self.columns = columns
  }

  private static func names(_ rest: inout Substring, between mark: String) -> [String]? {
    var names: [String] = []
    repeat {
      guard let name = name(&rest) else { return nil }
      names.append(name)
    } while take(mark, &rest)
    return names
  }

  private static func name(_ rest: inout Substring) -> String? {
    guard rest.first == "\"" else {
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
      rest = rest.dropFirst(name.count)
      return name.isEmpty ? nil : String(name)
    }
    rest.removeFirst()
    var name = ""
    while let character = rest.popFirst() {
      if character == "\"" {
        guard rest.first == "\"" else { return name.isEmpty ? nil : name }
        rest.removeFirst()
      }
      name.append(character)
    }
    return nil
  }

  private static func take(_ literal: String, _ rest: inout Substring) -> Bool {
    guard rest.hasPrefix(literal) else { return false }
    rest = rest.dropFirst(literal.count)
    return true
  }
}
