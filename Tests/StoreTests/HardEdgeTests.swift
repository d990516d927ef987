import Faults
import JSONText
import Language
import Testing

@testable import Store

/// Filters made to hurt: each ends soon, in the right answer or in a fault that says why.
struct HardEdgeTests {
  /// Forty partners in a chain of parents; every second one has a reg id.
  private let site: LoadingSite
  private let snapshot: SnapshotStore

  init() throws {
    site = try LoadingSite()
    let partners = (1...40).map { id -> JSON in
      let lines: JSON = id % 2 == 0 ? [["id": .int(Int64(id)), "value": .string("v\(id)")]] : []
      return [
        "id": .int(Int64(id)), "name": .string(id == 7 ? Self.long : "n\(id)"),
        "complete_name": .string("n\(id)"), "email": nil, "ref": nil, "vat": nil,
        "company_registry": nil, "color": .int(0), "income": .double(Double(id)), "reg_ids": lines,
        "active": true,
        "parent_id": id > 1 ? .int(Int64(id - 1)) : false,
      ]
    }
    snapshot = try site.load(JSON.array(partners).line())
  }

  private static let long = String(repeating: "a", count: 200_000)

  private func count(_ domain: String, activeTest: Bool = false) throws -> Int {
    let search = try RegistrySearch(
      JSONDocument(parsing: domain), model: "res.partner", activeTest: activeTest, over: snapshot)
    var ids = 0
    try search.forEachID { _ in ids += 1 }
    #expect(try search.count() == ids)
    return ids
  }

  private func list(_ terms: some Sequence<String>) -> String {
    "[\(terms.joined(separator: ","))]"
  }

  @Test("A hundred thousand operators are refused, and the most that is allowed is answered")
  func operators() throws {
    let leaf = "[\"name\",\"=\",\"n1\"]"
    for sign in ["\"|\"", "\"!\""] {
      let leaves = sign == "\"!\"" ? 1 : 100_001
      let many = Array(repeating: sign, count: 100_000) + Array(repeating: leaf, count: leaves)
      let fault = #expect(throws: DomainFault.self) { try count(list(many)) }
      #expect(fault?.code == "domain_too_large")
      let fair = Array(repeating: sign, count: 9_998)
      #expect(try count(list(fair + Array(repeating: leaf, count: min(leaves, 9_999)))) == 1)
    }
  }

  @Test("Sixty levels of AND in OR are answered, on either side; seventy are refused")
  func alternation() throws {
    let levels = (0..<60).map { $0 % 2 == 0 ? "\"|\"" : "\"&\"" }
    let leaves = (0...60).map { "[\"name\",\"!=\",\"x\($0)\"]" }
    #expect(try count(list(levels + leaves)) == 40)
    #expect(try count(list(zip(levels, leaves).flatMap { [$0, $1] } + leaves.suffix(1))) == 40)
    let deep = zip(levels + levels, leaves + leaves).flatMap { [$0, $1] } + leaves.suffix(1)
    #expect(throws: DomainFault.self) { try count(list(deep)) }
  }

  @Test(
    "Long lists of ids and names are answered, and longer ones refused",
    arguments: [("id", 40), ("parent_id", 39), ("reg_ids", 20), ("child_ids", 39)])
  func lists(field: String, expected: Int) throws {
    for length in [10_000, 100_000] {
      let ids = (1...length).map(String.init).joined(separator: ",")
      #expect(try count("[[\"\(field)\",\"in\",[\(ids)]]]") == expected)
    }
    let ids = (0...100_000).map(String.init).joined(separator: ",")
    #expect(throws: DomainFault.self) { try count("[[\"\(field)\",\"in\",[\(ids)]]]") }
  }

  @Test("Two thousand names are looked up, as one search")
  func names() throws {
    let names = list((1...2_000).map { "\"zz\($0)\"" } + ["\"n40\""])
    #expect(try count("[[\"parent_id\",\"in\",\(names)]]") == 0)
    #expect(try count("[[\"id\",\"child_of\",\(names)]]") == 1)
    #expect(try count("[[\"id\",\"parent_of\",\(names)]]") == 40)
  }

  @Test("Infinity in a long list of numbers is a number like others")
  func infinity() throws {
    let numbers = list(["\"inf\"", "\"-inf\""] + (2...100).map(String.init))
    #expect(try count("[[\"income\",\"in\",\(numbers)]]") == 39)
    #expect(try count("[[\"income\",\"not in\",\(numbers)]]") == 1)
  }

  @Test("A path of 50 hops round a cycle is answered; one of a million is refused")
  func cycles() throws {
    let round = String(repeating: "parent_id.child_ids.", count: 25)
    #expect(try count("[[\"\(round)name\",\"=\",\"n9\"]]") == 1)
    let lines = String(repeating: "reg_ids.partner_id.", count: 25)
    #expect(try count("[[\"\(lines)name\",\"=\",\"n10\"]]") == 1)
    #expect(try count("[\"!\",[\"\(lines)name\",\"=\",\"n10\"]]") == 39)
    for hops in [64, 1_000, 1_000_000] {
      let path = String(repeating: "parent_id.", count: hops)
      let fault = #expect(throws: DomainFault.self) { try count("[[\"\(path)name\",\"=\",1]]") }
      #expect(fault?.code == "domain_too_large")
    }
  }

  @Test("Deep \"any\" is answered as far as JSON may nest, and refused beyond")
  func deepAny() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "[[\"parent_id\",\"any\",", count: levels) + "[]"
        + String(repeating: "]]", count: levels)
    }
    #expect(try count(nested(30)) == 10)
    #expect(throws: JSONFault.self) { try count(nested(100_000)) }
    let hops = "parent_id.parent_id.parent_id"
    let both = nested(25).split(separator: "parent_id").joined(separator: hops)
    #expect(throws: DomainFault.self) { try count(both) }
  }

  @Test("Thousands of leaves and of links stay within SQLite's depth of an expression")
  func wide() throws {
    let unequal = (1...10_000).map { "[\"name\",\"!=\",\"x\($0)\"]" }
    #expect(try count(list(unequal)) == 40)
    let ors = Array(repeating: "\"|\"", count: 1_999)
    let some = (1...2_000).map { "[\"reg_ids\",\"any\",[[\"value\",\"=\",\"v\($0)\"]]]" }
    #expect(try count(list(ors + some)) == 20)
    let every = (1...3_000).map { "[\"reg_ids\",\"any\",[[\"value\",\"!=\",\"x\($0)\"]]]" }
    #expect(try count(list(every)) == 20)
  }

  @Test("A pattern made to be slow takes no longer than text times pattern")
  func patterns() throws {
    let slow = String(repeating: "%a", count: 2_000)
    #expect(try count("[[\"name\",\"like\",\"\(slow)\"]]") == 1)
    #expect(try count("[[\"name\",\"ilike\",\"\(slow)b\"]]") == 0)
    #expect(try count("[[\"name\",\"=like\",\"\(String(repeating: "a_%", count: 500))b\"]]") == 0)
    let fault = #expect(throws: DomainFault.self) {
      try count("[[\"name\",\"like\",\"\(String(repeating: "%", count: 8_193))\"]]")
    }
    #expect(fault?.code == "domain_too_large")
  }

  @Test(
    "Text that is no name, no number or no Unicode is refused, and never becomes SQL",
    arguments: [
      ("[[\"name\\\" OR 1=1 --\",\"=\",\"a\"]]", "unknown_field"),
      ("[[\"reg_ids\\\"; DROP TABLE x\",\"any\",[]]]", "unknown_field"),
      ("[[\"na\\u0000me\",\"=\",\"a\"]]", "unknown_field"),
      ("[[\"__class__\",\"=\",\"a\"]]", "unknown_field"),
      ("[[\"..\",\"=\",\"a\"]]", "unknown_field"),
      ("[[\"name\",\"=\",\"a\\u0000b\"]]", "wrong_value"),
      ("[[\"name\",\"in\",[\"n1\",\"\\u0000\"]]]", "wrong_value"),
      ("[[\"name\",\"ilike\",\"n1\\u0000\"]]", "wrong_value"),
      ("[[\"name\",\"=like\",\"n1\\u0000\"]]", "wrong_value"),
      ("[[\"parent_id\",\"=\",\"n1\\u0000\"]]", "wrong_value"),
      ("[[\"id\",\"child_of\",\"n1\\u0000\"]]", "wrong_value"),
      ("[[\"color\",\"=\",\"99999999999999999999\"]]", "wrong_value"),
      ("[[\"color\",\"=\",1e19]]", "wrong_value"),
      ("[[\"id\",\"=\",4294967296]]", "wrong_value"),
      ("[[\"color\",\"=\",99999999999999999999]]", "json_bad_number"),
      ("[[\"income\",\"=\",1e400]]", "json_bad_number"),
      ("[[\"name\",\"=\",\"\\ud800\"]]", "json_bad_string"),
      ("[[\"name\",\"=\",\"\\udc00\\ud800\"]]", "json_bad_string"),
    ])
  func text(domain: String, code: String) throws {
    do {
      _ = try count(domain)
      Issue.record("accepted")
    } catch {
      #expect((error as? any Fault)?.code == code)
    }
  }

  @Test("Values that look like SQL are only values")
  func values() throws {
    #expect(try count("[[\"name\",\"=\",\"n1' OR '1'='1\"]]") == 0)
    #expect(try count("[[\"name\",\"ilike\",\"') OR 1=1 --\"]]") == 0)
    #expect(try count("[[\"parent_id\",\"=\",9223372036854775807]]") == 0)
  }
}
