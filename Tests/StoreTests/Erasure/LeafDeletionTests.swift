import Files
import Fixtures
import Foundation
import GRDB
import Testing

@testable import Store

/// Rows that are taken out leaf by leaf: what SQLite itself says of the file then, held against the same
/// rows taken out by SQLite.
struct LeafDeletionTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder("some.sqlite") }

  private func queue(_ name: String = "some.sqlite", pageSize: Int = 4_096) throws -> DatabaseQueue
  {
    var configuration = Configuration()
    configuration.prepareDatabase {
      try $0.execute(sql: "PRAGMA page_size = \(pageSize); PRAGMA journal_mode = OFF")
    }
    return try DatabaseQueue(path: folder(name), configuration: configuration)
  }

  private static let schema = """
    CREATE TABLE other (id INTEGER PRIMARY KEY, value TEXT);
    CREATE TABLE rows (id INTEGER PRIMARY KEY, owner INTEGER, type INTEGER, value TEXT, note TEXT);
    CREATE INDEX by_owner ON rows(owner, type);
    CREATE INDEX by_value ON rows(value);
    CREATE INDEX of_some ON rows(value) WHERE type = 3;
    """

  /// Ids of every size that a record has for them, among them 0 and 1, which take no byte there.
  private func ids(_ count: Int, _ random: inout Seeded) -> [Int64] {
    var ids: Set<Int64> = [.min, -1, 0, 1, 127, 128, 40_000, 9_000_000, 1 << 33, 1 << 50, .max]
    var next: Int64 = -200
    while ids.count < count {
      next += Int64.random(in: 1...3, using: &random)
      ids.insert(next)
    }
    return ids.sorted()
  }

  private func fill(
    _ database: Database, _ ids: [Int64], _ random: inout Seeded
  ) throws {
    try database.execute(sql: Self.schema)
    for (place, id) in ids.enumerated() {
      let value =
        place.isMultiple(of: 50)
        ? nil
        : String(repeating: "\(UInt64.random(in: .min ... .max, using: &random))-", count: 5)
          .prefix(Int.random(in: 4...60, using: &random))
      let note = place.isMultiple(of: 97) ? String(repeating: "n", count: 100_000) : nil
      try database.execute(
        sql: "INSERT INTO rows VALUES (?, ?, ?, ?, ?)",
        arguments: [
          id, id / 3, Int.random(in: 1...3, using: &random), value.map(String.init), note,
        ])
      try database.execute(
        sql: "INSERT INTO other VALUES (?, ?)", arguments: [id, value.map(String.init)])
    }
  }

  /// As an operator's policy picks them: here and there, nearly all, all, a run of neighbours, none.
  private func choose(_ ids: [Int64], _ random: inout Seeded) -> [Int64] {
    switch Int.random(in: 0...6, using: &random) {
    case 0: return ids
    case 1: return []
    case 2:
      let start = Int.random(in: ids.indices, using: &random)
      return Array(ids[start...].prefix(ids.count / 2))
    case 3: return ids.filter { _ in Int.random(in: 1...100, using: &random) <= 98 }
    default:
      let share = Int.random(in: 1...60, using: &random)
      return ids.filter { _ in Int.random(in: 1...100, using: &random) <= share }
    }
  }

  private func delete(_ ids: [Int64]) throws -> [Int64] {
    let trees = try queue().read { try LeafDeletion.Tree.all(of: "rows", in: $0) }
    let descriptor = open(path, O_RDWR)
    defer { close(descriptor) }
    return try LeafDeletion(descriptor).run(ids, of: trees)
  }

  private func delete(_ ids: [Int64], in database: Database) throws {
    for id in ids { try database.execute(sql: "DELETE FROM rows WHERE id = ?", arguments: [id]) }
  }

  /// All that the file says, by the table and along each index.
  private func contents(_ name: String = "some.sqlite") throws -> [[String]] {
    try queue(name).read { database in
      #expect(try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok")
      let all = "SELECT id || ' ' || ifnull(owner, '') || ' ' || type || ' ' || ifnull(value, '')"
      return try [
        "\(all) || ifnull(note, '') FROM rows ORDER BY id",
        "\(all) FROM rows INDEXED BY by_owner WHERE owner NOT NULL ORDER BY owner, type, id",
        "\(all) FROM rows INDEXED BY by_value WHERE value > '' ORDER BY value, id",
        "\(all) FROM rows INDEXED BY of_some WHERE type = 3 ORDER BY value, id",
        "SELECT id || ifnull(value, '') FROM other ORDER BY id",
      ].map { try String.fetchAll(database, sql: $0) }
    }
  }

  @Test(
    "What goes leaf by leaf is what SQLite would delete, in pages of any size",
    arguments: [512, 1_024, 4_096, 16_384, 65_536])
  func sameAsSQLite(pageSize: Int) throws {
    let seed = UInt64.random(in: .min ... .max)
    print("leaf deletion, pages of \(pageSize): seed \(seed)")
    var random = Seeded(state: seed)
    var (asked, left) = (0, 0)
    for _ in 1...10 {
      for name in ["some.sqlite", "control.sqlite"] {
        try? FileManager.default.removeItem(atPath: folder(name))
      }
      let ids = ids(Int.random(in: 20...2_000, using: &random), &random)
      try queue(pageSize: pageSize).write { try fill($0, ids, &random) }
      try FileManager.default.copyItem(atPath: path, toPath: folder("control.sqlite"))
      // One that is not there is no matter.
      let gone = (choose(ids, &random) + [777_777_777]).sorted()
      try queue("control.sqlite").write { try delete(gone, in: $0) }
      let rest = try delete(gone)
      #expect(Set(rest).isSubset(of: gone) && rest == rest.sorted())
      try queue().write { try delete(rest, in: $0) }
      #expect(try contents() == contents("control.sqlite"))
      (asked, left) = (asked + gone.count, left + rest.count)
    }
    // A page of 512 bytes has place for a few cells only.
    #expect(asked > 500 && left < asked / (pageSize < 4_096 ? 1 : 4))
  }

  @Test("Before SQLite deletes what is left to it, the file is sound, and lacks the others")
  func soundBetween() throws {
    var random = Seeded(state: 4)
    let ids = ids(2_000, &random)
    try queue().write { try fill($0, ids, &random) }
    let gone = Array(ids[100..<1_500])
    let rest = try delete(gone)
    #expect(rest.count < 300)
    let stays = Set(ids).subtracting(gone).union(rest).sorted()
    _ = try contents()
    #expect(
      try queue().read { try Int64.fetchAll($0, sql: "SELECT id FROM rows ORDER BY id") } == stays)
  }

  @Test("Where an index has values that go on in other pages, all is left to SQLite")
  func longKeys() throws {
    var random = Seeded(state: 5)
    let ids = ids(200, &random)
    try queue(pageSize: 512).write {
      try fill($0, ids, &random)
      try $0.execute(
        sql: "UPDATE rows SET value = ? WHERE id = 1",
        arguments: [String(repeating: "v", count: 900)])
    }
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(try delete(ids) == ids)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("Trees that do not belong together are refused")
  func contradiction() throws {
    var random = Seeded(state: 6)
    let ids = ids(500, &random)
    try queue().write { try fill($0, ids, &random) }
    let roots = try queue().read {
      try Dictionary(
        uniqueKeysWithValues: Row.fetchAll($0, sql: "SELECT name, rootpage FROM sqlite_schema")
          .map { ($0[0] as String, $0[1] as UInt32) })
    }
    let (table, other) = (try #require(roots["rows"]), try #require(roots["other"]))
    let (index, some) = (try #require(roots["by_value"]), try #require(roots["of_some"]))
    for trees: [LeafDeletion.Tree] in [
      [.init(root: table, kind: .table), .init(root: some, kind: .index)],
      [.init(root: table, kind: .table), .init(root: other, kind: .index)],
      [.init(root: index, kind: .table)], [.init(root: 9_999, kind: .table)],
    ] {
      let descriptor = open(path, O_RDWR)
      defer { close(descriptor) }
      #expect(throws: LoadFault.self) {
        _ = try LeafDeletion(descriptor).run(Array(ids[200..<300]), of: trees)
      }
    }
  }

  @Test("A damaged file is refused, or rows go; nothing else happens")
  func damaged() throws {
    let seed = UInt64.random(in: .min ... .max)
    print("damaged leaves: seed \(seed)")
    var random = Seeded(state: seed)
    let ids = ids(400, &random)
    try queue(pageSize: 1_024).write { try fill($0, ids, &random) }
    let trees = try queue().read { try LeafDeletion.Tree.all(of: "rows", in: $0) }
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    var refused = 0
    for _ in 1...300 {
      try sound.damaged(pageSize: 1_024, &random).write(to: URL(fileURLWithPath: path))
      let descriptor = open(path, O_RDWR)
      defer { close(descriptor) }
      do throws(LoadFault) {
        _ = try LeafDeletion(descriptor).run(choose(ids, &random), of: trees)
      } catch {
        #expect(error.kind == .damaged)
        refused += 1
      }
    }
    #expect(refused > 50)
  }
}
