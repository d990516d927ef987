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
      DOMAIN is JSON text, or @FILE. Prints one id a line, ascending.

      Examples:
        airlock search '[["gender","=","female"],["reg_ids.id_type","=","MOSIP VID"]]' --count
        airlock search @filter.json --format table --fields name,birthdate
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case ids, ndjson, table }

  @Argument(help: "A domain, or @FILE.") var domain: String
  @OptionGroup var options: SiteOptions
  @Option(name: .long, help: "The model to search.") var model = "res.partner"
  @Flag(name: .long, help: "Print how many, not which.") var count = false
  @Option(name: .long, help: ArgumentHelp("Fields for ndjson and table.", valueName: "a,b"))
  var fields: String?
  @Flag(name: .long, help: "Include archived records.") var noActiveTest = false
  @Option(name: .long, help: "ids, ndjson or table.") var format = Format.ids
  @Flag(name: .long, help: "Print the SQL, with types in place of values.") var sql = false
  @Flag(name: .long, help: "The same as --format ndjson.") var json = false

  func run() throws {
    let snapshot = try SnapshotStore.open(options.site().store)
    let search = try search(over: snapshot)
    for warning in search.resolved.warnings {
      Terminal.warn("\(warning.place.position): \(warning.message)")
    }
    if sql { return Terminal.say(search.sql.shown) }
    if count { return Terminal.say(String(try search.count())) }
    switch json ? .ndjson : format {
    case .ids: try printIDs(search)
    case .ndjson: try printRecords(search)
    case .table: try printTable(search)
    }
  }

  /// A domain that is refused is wrong usage here.
  private func search(over snapshot: SnapshotStore) throws -> RegistrySearch {
    do {
      return try RegistrySearch(
        document(), model: model, activeTest: !noActiveTest, over: snapshot)
    } catch let fault as any Fault {
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

  private var names: [String] {
    (fields ?? "").split(separator: ",").map(String.init).filter { $0 != "id" }
  }

  private func printIDs(_ search: RegistrySearch) throws {
    var lines = ""
    try search.forEachID { id in
      lines += "\(id)\n"
      if lines.utf8.count > 60_000 {
        Terminal.sayWhole(lines)
        lines = ""
      }
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
    case .string(let text): Printable.escaped(utf8: text.utf8)
    default: value.line()
    }
  }
}
