import JSONText
import Testing

@testable import Store

/// Thousands of patterns in one filter: each record is looked at once, whatever joins them.
struct ManyPatternsTests {
  private let site: LoadingSite
  private let snapshot: SnapshotStore

  init() throws {
    site = try LoadingSite()
    let partners = (1...100).map { id -> JSON in
      [
        "id": .int(Int64(id)), "name": id % 50 == 0 ? nil : .string("Name \(id) É"),
        "email": .string("m\(id)@x"), "active": true,
      ]
    }
    snapshot = try site.load(JSON.array(partners).line())
  }

  private func count(_ terms: [String]) throws -> Int {
    try RegistrySearch(
      JSONDocument(parsing: "[\(terms.joined(separator: ","))]"), model: "res.partner",
      activeTest: true, over: snapshot
    ).count()
  }

  private func leaves(_ sign: String, _ pattern: (Int) -> String) -> [String] {
    (1...9_000).map { "[\"name\",\"\(sign)\",\"\(pattern($0))\"]" }
  }

  private let ors = Array(repeating: "\"|\"", count: 8_999)

  @Test("Patterns that OR joins: one that matches is enough")
  func anyOf() throws {
    #expect(try count(ors + leaves("ilike") { "zz\($0)%y" }) == 0)
    #expect(try count(ors + leaves("ilike") { "NAME \($0 + 89)_" }) == 10)
    #expect(try count(ors + leaves("like") { "NAME \($0)" }) == 0)
    #expect(try count(ors + leaves("=ilike") { "name \($0 * 10 + 1) é" }) == 9)
  }

  @Test(
    "Negative patterns that AND joins: the unset are picked, with \"!\" and \"=ilike\" they are not"
  )
  func noneOf() throws {
    #expect(try count(leaves("not ilike") { "zz\($0)" }) == 100)
    #expect(try count(leaves("not like") { "Name \($0 + 40) " }) == 42)
    #expect(try count(leaves("=ilike") { "zz\($0)" }.flatMap { ["\"!\"", $0] }) == 98)
  }

  @Test("Patterns that cannot be joined: pairs of fields, each its own")
  func pairs() throws {
    let pairs = (1...3_000).flatMap { number in
      ["\"&\"", "[\"name\",\"ilike\",\"name \(number) \"]", "[\"email\",\"like\",\"m\(number)@\"]"]
    }
    #expect(try count(Array(repeating: "\"|\"", count: 2_999) + pairs) == 98)
  }

  @Test("Thousands of unequal values cost as much as one list")
  func unequal() throws {
    #expect(try count(leaves("!=") { "Name \($0) É" }) == 2)
    #expect(try count(ors + leaves("=") { "Name \($0 + 40) É" }) == 58)
  }
}
