import JSONText
import Testing

@testable import Store

/// What the generator has found, each pinned by a case that can be read.
struct FoundTests {
  /// A chain of 1, its child 2, and 2's child 3, who is archived; 1 has a reg id without a value.
  private func ids(_ domain: String) throws -> [Int64] {
    let site = try LoadingSite()
    let snapshot = try site.load(
      """
      [{"id": 1, "name": "a", "active": true, "parent_id": false,
        "reg_ids": [{"id": 1, "value": null}]},
       {"id": 2, "name": "b", "active": true, "parent_id": 1, "reg_ids": []},
       {"id": 3, "name": "x", "active": false, "parent_id": 2, "reg_ids": []}]
      """)
    var ids: [Int64] = []
    try RegistrySearch(
      JSONDocument(parsing: domain), model: "res.partner", activeTest: true, over: snapshot
    ).forEachID { ids.append($0) }
    return ids
  }

  @Test("\"in false\" behind a path is nobody, as it is without one")
  func inFalse() throws {
    #expect(try ids("[[\"reg_ids.value\",\"=\",false]]") == [1])
    #expect(try ids("[[\"reg_ids.value\",\"in\",false]]") == [])
    #expect(try ids("[[\"reg_ids\",\"any\",[[\"value\",\"in\",false]]]]") == [])
  }

  @Test("Two paths that part at their last hop are one search, in which \"active\" is named")
  func joinedAtEveryHop() throws {
    let named = "[\"child_ids.child_ids.name\",\"=\",\"x\"]"
    #expect(try ids("[\(named)]") == [])
    #expect(try ids("[\"|\",[\"child_ids.child_ids.active\",\"=\",true],\(named)]") == [1])
  }
}
