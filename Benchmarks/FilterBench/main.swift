import Faults
import Files
import Foundation
import GRDB
import JSONText
import Language
import Store

// How long filters take, in one run: compiling each domain of a file, and each operator on a direct
// field beside a plain scan of the table.
//
//     filter-bench STORE [DOMAINS.ndjson]

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
  print("usage: filter-bench STORE [DOMAINS.ndjson]")
  exit(2)
}

func milliseconds(_ body: () throws -> Void) rethrows -> Double {
  let time = try ContinuousClock().measure(body)
  return Double(time.components.seconds) * 1e3 + Double(time.components.attoseconds) / 1e15
}

/// The best of several runs: what is slower is the machine's doing.
func best(of runs: Int, _ body: () throws -> Void) rethrows -> Double {
  var best = Double.infinity
  for _ in 0..<runs { best = min(best, try milliseconds(body)) }
  return best
}

func shown(_ number: Double, _ places: Int = 2) -> String { String(format: "%.\(places)f", number) }

/// Parsing, resolving and writing the SQL of every domain; refused ones count as well.
func compileAll(_ path: String, _ catalog: ModelCatalog) throws {
  var times: [(name: String, ms: Double)] = []
  for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
    let json = try JSONDocument(parsing: String(line)).root.json
    guard let name = json["name"]?.text, let text = json["domain"]?.line() else { continue }
    let activeTest = json["active_test"] == true
    let time = best(of: 5) {
      do {
        let domain = try DomainParser().parse(JSONCursor(try JSONDocument(parsing: text)))
        let query = try Resolver(catalog: catalog).resolve(
          domain, on: "res.partner", activeTest: activeTest)
        _ = PredicateSQL.ids(query, catalog: catalog)
      } catch {}
    }
    times.append((name, time))
  }
  times.sort { $0.ms < $1.ms }
  guard let slowest = times.last else { return }
  print("compiling \(times.count) domains, ms each")
  print("  median \(shown(times[times.count / 2].ms, 3))")
  print("  most   \(shown(slowest.ms, 3))  (\(slowest.name))")
}

let operators: [(field: String, leaves: [String])] = [
  (
    "name",
    [
      "\"=\",\"x\"", "\"!=\",\"x\"", "\"<\",\"m\"", "\">=\",\"m\"", "\"=?\",\"x\"",
      "\"in\",[\"x\",\"y\"]", "\"not in\",[\"x\",\"y\"]", "\"like\",\"okafor\"",
      "\"ilike\",\"okafor\"", "\"not like\",\"okafor\"", "\"not ilike\",\"okafor\"",
      "\"=like\",\"A%\"", "\"=ilike\",\"%É%a\"", "\"=\",false", "\"!=\",false",
    ]
  ),
  ("gender", ["\"=\",\"female\"", "\"not in\",[\"female\",false]", "\"ilike\",\"FEM\""]),
  ("birthdate", ["\"<\",\"1980-01-01\"", "\"like\",\"1980\"", "\"=like\",\"1980-%\""]),
  ("write_date", ["\">=\",\"2024-01-01\"", "\"=\",\"2024-01-01\""]),
  ("is_group", ["\"=\",true", "\"!=\",true", "\"in\",[true,false]"]),
  ("income", ["\">\",1000", "\"like\",\"5\"", "\"not in\",[0,1]"]),
  ("id", ["\"=\",5", "\"<\",500", "\"in\",[1,2,3]", "\"like\",\"99\""]),
  ("district", ["\"=\",1", "\"!=\",1", "\"=\",\"x\"", "\"ilike\",\"a\"", "\"not ilike\",\"a\""]),
  ("reg_ids", ["\"=\",5", "\"!=\",5", "\"=\",false", "\"!=\",false"]),
]

/// Each operator beside one scan that reads the table, every column of every row, and beside one that
/// only steps through it, both as ratios.
func askAll(_ snapshot: SnapshotStore) throws {
  let read = try best(of: 3) {
    try snapshot.read { database in
      let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \"res.partner\"")
      while try rows.next() != nil {}
    }
  }
  let stepped = try best(of: 5) {
    _ = try snapshot.read { database in
      try Int.fetchOne(
        database,
        sql: "SELECT count(*) FROM \"res.partner\" NOT INDEXED WHERE \"birthdate\" IS NOT NULL")
    }
  }
  print("one scan of res.partner: \(shown(read)) ms read, \(shown(stepped)) ms stepped through")
  print("each operator, to the scan that reads and to the one that steps")
  var most = 0.0
  for (field, leaves) in operators {
    for leaf in leaves {
      let domain = try JSONDocument(parsing: "[[\"\(field)\",\(leaf)]]")
      do {
        let time = try best(of: 3) {
          _ = try RegistrySearch(domain, model: "res.partner", activeTest: false, over: snapshot)
            .count()
        }
        most = max(most, time / read)
        print("  \(shown(time / read))  \(shown(time / stepped))  \(field) \(leaf)")
      } catch let fault as DomainFault {
        print("  not measured: \(field) (\(fault.code))")
        break
      }
    }
  }
  print("the slowest operator takes \(shown(most)) of a scan that reads")
}

do {
  let snapshot = try SnapshotStore.open(try Folder(path: arguments[1]))
  if arguments.count > 2 { try compileAll(arguments[2], snapshot.catalog) }
  try askAll(snapshot)
} catch let fault as any Fault {
  FileHandle.standardError.write(Data("error: \(fault.description)\n".utf8))
  exit(1)
}
