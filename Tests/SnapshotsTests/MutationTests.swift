import Testing

@testable import Snapshots

/// Damaged snapshots: whatever happens to the bytes, they are read or refused.
struct MutationTests {
  private static let lines = """
    {"id":1,"name":"Sok é\\n","birthdate":"1990-02-28","income":1.5,"active":true,"district":[4,"Kandal"],"x_new":{"a":[1]}}
    {"id":2,"name":false,"disabled":"2024-01-02T04:00:00.123456","tags_ids":[1,2],"reg_ids":[{"id":7,"value":"007"}],"x_new":5}
    {"id":3,"reg_ids":[{"id":8,"id_type":[1,"VID"]},{"id":9}],"child_ids":[],"x_new":[3,"x"],"x_b":false}
    """
  private static let array = "[" + lines.split(separator: "\n").joined(separator: ",\n") + "]"
  private static let interesting =
    Array("\"\\{}[]:,0-9eE.tfn \n\u{0}\u{FF}".utf8) + [0xED, 0xA0, 0xFE]

  @Test("A damaged snapshot is read or refused, and nothing else", arguments: [lines, array])
  func mutations(_ text: String) throws {
    var damage = Damage(Self.interesting)
    var refused = 0
    for _ in 0..<1_000 {
      var bytes = Array(text.utf8)
      damage.damage(&bytes)
      var limits = SnapshotLimits()
      limits.batchBytes = damage.below(200) + 1
      let source = SnapshotSource(name: "drop.json") { [bytes] in
        TextSource(bytes: bytes, piece: 1 << 16)
      }
      do {
        _ = try Rows(source, limits: limits)
      } catch {
        #expect(error is SnapshotFault, "seed \(damage.seed): \(error)")
        refused += 1
      }
    }
    #expect(refused > 300 && refused < 1_000, "seed \(damage.seed)")
  }
}
