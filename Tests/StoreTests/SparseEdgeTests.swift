import JSONText
import Language
import Testing

@testable import Store

/// Deep filters over ids that lie too far apart for bitmaps: SQLite's bounds on the depth of an
/// expression are not met there either.
struct SparseEdgeTests {
  /// A chain of parents whose ids are half a million apart, beyond what pages of bits can hold.
  private let site: LoadingSite
  private let snapshot: SnapshotStore
  private static let partners = 4_200
  private static let gap = 500_000

  init() throws {
    site = try LoadingSite()
    let partners = (1...Self.partners).map { number -> JSON in
      let id = Int64(number * Self.gap)
      return [
        "id": .int(id), "name": .string("n\(number)"), "active": true,
        "parent_id": number > 1 ? .int(id - Int64(Self.gap)) : false,
      ]
    }
    snapshot = try site.load(JSON.array(partners).line())
  }

  private func search(_ terms: [String]) throws -> RegistrySearch {
    try RegistrySearch(
      JSONDocument(parsing: "[\(terms.joined(separator: ","))]"), model: "res.partner",
      activeTest: false, over: snapshot)
  }

  @Test("Fifty hops are answered and explained")
  func hops() throws {
    let path = String(repeating: "parent_id.", count: 50)
    let search = try search(["[\"\(path)name\",\"like\",\"n\"]"])
    #expect(try search.count() == Self.partners - 50)
    #expect(try search.explain(Int64(51 * Self.gap))?.picked == true)
    #expect(try search.explain(Int64(50 * Self.gap))?.picked == false)
    let none = try self.search(["\"!\"", "[\"\(path)name\",\"like\",\"n\"]"])
    #expect(try none.count() == 50)
  }

  @Test("Sixty levels of AND in OR, each through a link, are answered and explained")
  func levels() throws {
    let signs = (0..<60).map { $0 % 2 == 0 ? "\"|\"" : "\"&\"" }
    let leaves = (0...60).map { "[\"parent_id.parent_id.name\",\"!=\",\"x\($0)\"]" }
    let search = try search(zip(signs, leaves).flatMap { [$0, $1] } + leaves.suffix(1))
    #expect(try search.count() == Self.partners - 2)
    #expect(try search.explain(Int64(3 * Self.gap))?.picked == true)
  }

  @Test("A hundred thousand operators are refused; nine thousand links are answered")
  func operators() throws {
    let link = "[\"parent_id.name\",\"like\",\"n\"]"
    let many = Array(repeating: "\"|\"", count: 100_000) + Array(repeating: link, count: 100_001)
    #expect(throws: DomainFault.self) { try search(many) }
    let nots = Array(repeating: "\"!\"", count: 9_999)
    #expect(try search(nots + [link]).count() == 1)
    let fair = Array(repeating: "\"|\"", count: 8_999) + Array(repeating: link, count: 9_000)
    #expect(try search(fair).count() == Self.partners - 1)
  }
}
