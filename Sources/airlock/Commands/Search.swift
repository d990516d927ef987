import Language
import Jobs
import ArgumentParser
import Faults
import Files
import JSONText
import Store

struct Search: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Search the snapshot in force with an Odoo domain.",
    discussion: """
      DOMAIN is JSON text, or @FILE. Prints one id a line, ascending; the external id of who has no other.

      Examples:
        airlock search '[["gender","=","female"]]' --count
        airlock search @filter.json --format table --fields name,birthdate
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case ids, ndjson, table }

  @Argument(help: "A domain, or @FILE.") var domain: String
  @OptionGroup var options: SiteOptions
  @Option(name: .long, help: "The model to search; odk.submission for ODK.") var model =
    "res.partner"
  @Flag(name: .long, help: "Print how many, not which.") var count = false
  @Option(name: .long, help: ArgumentHelp("Fields for ndjson and table.", valueName: "a,b"))
  var fields: String?
  @Flag(name: .long, help: "Include archived records.") var noActiveTest = false
  @Option(name: .long, help: "ids, ndjson or table.") var format = Format.ids
  @Flag(name: .long, help: "Print the SQL, with types in place of values.") var sql = false
  @Option(name: .long, help: ArgumentHelp("Say which leaves hold for one record.", valueName: "id"))
  var explain: String?
  @Flag(name: .long, help: "The same as --format ndjson.") var json = false

  func run() throws {
    let snapshot = try SnapshotStore.open(
      options.site(needsInbox: false).store, SnapshotKind(holding: model))
    let search = try search(over: snapshot)
    for warning in search.warnings {
      Terminal.warn("\(warning.place.position): \(warning.message)")
    }
    if let explain {
      return try say(search.number(of: explain).flatMap(search.explain), of: explain)
    }
    if sql { return Terminal.say(search.sql.shown) }
    if count { return Terminal.say(String(try search.count())) }
    try asUsage { try search.requireFields(names) }
    switch json ? .ndjson : format {
    case .ids: try printIDs(search)
    case .ndjson: try printRecords(search)
    case .table: try printTable(search)
    }
  }

  private func search(over snapshot: SnapshotStore) throws -> RegistrySearch {
    try asUsage {
      try RegistrySearch(document(), model: model, activeTest: !noActiveTest, over: snapshot)
    }
  }

  /// A domain or a field that is refused is wrong usage here.
  private func asUsage<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let fault as any Fault {
      guard fault.blame == .input else { throw fault }
      throw UsageFault(fault.message, hint: fault.hint)
    }
  }

  private func document() throws -> JSONDocument {
    guard domain.hasPrefix("@") else { return try JSONDocument(parsing: domain) }
    let path = String(domain.dropFirst())
    let file = try OpenFile(path: path, rules: .named(limit: 16 << 20))
    return try JSONDocument(parsing: file.readAll())
  }

  private func say(_ found: (picked: Bool, leaves: [Explanation])?, of id: String) throws {
    guard let found else {
      throw UsageFault(
        "\(model) has no record \(Terminal.safe(id))",
        hint: "ids are printed by a search without --explain")
    }
    if json {
      let leaves = found.leaves.map { leaf in
        ["leaf": .string(leaf.text), "pointer": .string(leaf.pointer), "holds": .bool(leaf.holds)]
          as JSON
      }
      let result: JSON = [
        "id": Int64(id).map { .int($0) } ?? .string(id), "picked": .bool(found.picked),
        "leaves": .array(leaves),
      ]
      return Terminal.say(result.line())
    }
    Terminal.say("\(Terminal.safe(id)) is \(found.picked ? "picked" : "not picked")")
    for leaf in found.leaves {
      Terminal.say(
        "  \(leaf.holds ? "holds    " : "holds not") \(leaf.pointer)  \(Terminal.safe(leaf.text))"
      )
    }
  }

  private var names: [String] {
    (fields ?? "").split(separator: ",").map(String.init).filter { $0 != "id" }
  }

  private func printIDs(_ search: RegistrySearch) throws {
    var lines = ""
    func say(_ id: String) {
      lines += "\(id)\n"
      if lines.utf8.count > 60_000 {
        Terminal.sayWhole(lines)
        lines = ""
      }
    }
    if search.hasExternalIDs {
      try search.forEachRecord([]) { say(TableCell.text($0[0])) }
    } else {
      try search.forEachID { say(String($0)) }
    }
    Terminal.sayWhole(lines)
  }

  private func printRecords(_ search: RegistrySearch) throws {
    let keys = ["id"] + names
    try search.forEachRecord(names) { values in
      Terminal.say(JSON.object(zip(keys, values).map { JSON.Member($0, $1) }).line())
    }
  }

  private func printTable(_ search: RegistrySearch) throws {
    Terminal.say((["id"] + names).joined(separator: "\t"))
    try search.forEachRecord(names) { values in
      Terminal.say(values.map(TableCell.text).joined(separator: "\t"))
    }
  }
}

/// A value in a cell: nothing in it can move the cursor.
private enum TableCell {
  static func text(_ value: JSON) -> String {
    switch value {
    case .null: "-"
    case .string(let text): Terminal.safe(text)
    default: value.line()
    }
  }
}
