import Faults
import GRDB
import JSONText
import Language
import Testing

@testable import Store

/// `order` sorts as PostgreSQL does under Odoo 17, whatever is unset.
struct OrderTests {
  private let site: LoadingSite
  private let snapshot: SnapshotStore

  init() throws {
    site = try LoadingSite()
    let names: [JSON] = ["b", nil, "a", "É", "Z", "a", ""]
    let numbers: [JSON] = [2, nil, 10, nil, -1, 2, 0]
    let flags: [JSON] = [true, nil, false, true, nil, false, true]
    let partners = names.indices.map { index -> JSON in
      [
        "id": .int(Int64(index + 1)), "name": names[index], "income": numbers[index],
        "active": flags[index], "district": [1, "D"],
        "create_date": .string("2026-01-0\(7 - index) 10:00:00"),
      ]
    }
    snapshot = try site.load(JSON.array(partners).line())
  }

  private func ids(_ order: String) throws -> [Int64] {
    let text = """
      {"airlock": "job", "version": 1, "name": "x", "recipient": "mts",
       "filter": [["id", ">", 0]], "active_test": false, "order": "\(order)",
       "fields": ["name", "gender", "birthdate", "address"]}
      """
    let manifest = try ManifestDecoder.decode(JSONDocument(parsing: text))
    let query = try Resolver(catalog: snapshot.catalog).resolve(
      manifest.filter, on: "res.partner", activeTest: false)
    var selection = Selection(query: query, fields: [], vid: .registrantIDs(types: [1]))
    let model = try #require(snapshot.catalog["res.partner"])
    for term in manifest.order { try selection.order.append(term, of: model) }
    let clause = selection.order.clause(of: "p")
    return try snapshot.read {
      try Int64.fetchAll($0, sql: "SELECT p.\"id\" FROM \"res.partner\" p\(clause)")
    }
  }

  @Test(
    "The unset come last, or first when descending; id decides at last",
    arguments: [
      ("id", [1, 2, 3, 4, 5, 6, 7]), ("id desc", [7, 6, 5, 4, 3, 2, 1]),
      // Code points: "" < "Z" < "a" < "b" < "É".
      ("name", [7, 5, 3, 6, 1, 4, 2]), ("name desc", [2, 4, 1, 3, 6, 5, 7]),
      ("name desc, id desc", [2, 4, 1, 6, 3, 5, 7]), ("income", [5, 7, 1, 6, 3, 2, 4]),
      ("income desc", [2, 4, 3, 1, 6, 7, 5]), ("income desc nulls last", [3, 1, 6, 7, 5, 2, 4]),
      ("income nulls first", [2, 4, 5, 7, 1, 6, 3]),
      // An unset boolean is false, as Odoo sorts it.
      ("active", [2, 3, 5, 6, 1, 4, 7]), ("active desc, name", [7, 1, 4, 5, 3, 6, 2]),
      ("create_date", [7, 6, 5, 4, 3, 2, 1]),
    ] as [(String, [Int64])])
  func sorted(order: String, ids wanted: [Int64]) throws {
    #expect(try ids(order) == wanted)
  }

  @Test(
    "Fields that are not there, or have no order of their own, are refused",
    arguments: [
      ("nme", "unknown_field"), ("district", "field_has_no_order"),
      ("reg_ids", "field_has_no_order"),
      ("__class__", "unknown_field"), ("email", "absent_field"), ("age", "field_has_no_order"),
    ])
  func refused(order: String, code: String) throws {
    let fault = #expect(throws: SelectionFault.self) { try ids(order) }
    #expect(fault?.code == code)
  }
}
