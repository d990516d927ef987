import Files
import Fixtures
import Foundation
import GRDB
import Testing

@testable import Store

/// What deleted rows leave behind in the pages of an SQLite file, searched byte by byte, and what SQLite
/// itself says of the file afterwards.
struct PageScrubTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder("some.sqlite") }

  private func scrub() throws {
    let descriptor = open(path, O_RDWR)
    defer { close(descriptor) }
    try PageScrub(descriptor).run()
  }

  private func queue(pageSize: Int) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.prepareDatabase {
      try $0.execute(
        sql: """
          PRAGMA page_size = \(pageSize); PRAGMA journal_mode = OFF;
          PRAGMA secure_delete = OFF
          """)
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Those of the values whose beginning or end stands in the file.
  private func found(_ values: some Sequence<String>) throws -> [String] {
    let ends = values.map { [String($0.prefix(16)), String($0.suffix(16))] }
    try ends.joined().joined(separator: "\n").write(
      toFile: folder("ends"), atomically: false, encoding: .utf8)
    let grep = try Tool.run("grep", ["-aoFf", folder("ends"), path])
    let found = Set(grep.output.split(separator: "\n").map(String.init))
    return zip(values, ends).filter { $0.1.contains(where: found.contains) }.map(\.0)
  }

  private static let schema = """
    CREATE TABLE rows (id INTEGER PRIMARY KEY, value TEXT);
    CREATE INDEX by_value ON rows(value);
    CREATE TABLE keyed (value TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
    CREATE TABLE gone (id INTEGER PRIMARY KEY, value TEXT);
    """

  /// Puts values in, moves and takes out many, and drops a table.
  /// - Returns: the values that are in it, and those that were.
  private func fill(
    _ database: Database, rows: Int = 600, longest: Int = 90_000, _ random: inout Seeded
  ) throws
    -> (kept: Set<String>, gone: Set<String>)
  {
    try database.execute(sql: Self.schema)
    var (kept, gone): (Set<String>, Set<String>) = ([], [])
    for id in 1...rows {
      let length = id.isMultiple(of: 40) ? Int.random(in: 500...longest, using: &random) : 0
      let hex = (0..<(20 + length / 16)).map { _ in
        String(UInt64.random(in: .min ... .max, using: &random) | 1 << 60, radix: 16)
      }
      let value = String(hex.joined().prefix(32 + length))
      for table in ["rows (id, value)", "keyed (number, value)", "gone (id, value)"] {
        try database.execute(sql: "INSERT INTO \(table) VALUES (?, ?)", arguments: [id, value])
      }
      kept.insert(value)
    }
    for value in kept.sorted() where Bool.random(using: &random) {
      for table in ["rows", "keyed"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE value = ?", arguments: [value])
      }
      kept.remove(value)
      gone.insert(value)
    }
    try database.execute(sql: "UPDATE rows SET id = id + 5000 WHERE id % 3 = 0; DROP TABLE gone")
    return (kept, gone)
  }

  private func contents(_ database: Database) throws -> [String] {
    #expect(try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok")
    return try String.fetchAll(
      database,
      sql: """
        SELECT id || ' ' || value FROM rows UNION ALL SELECT number || ' ' || value FROM keyed
        ORDER BY 1
        """)
  }

  @Test(
    "fault 90: no byte of a deleted row is left, in pages of any size, and each other row stays",
    arguments: [512, 1_024, 4_096, 16_384, 65_536])
  func noByteLeft(pageSize: Int) throws {
    let seed = UInt64.random(in: .min ... .max)
    print("page scrub, pages of \(pageSize): seed \(seed)")
    var random = Seeded(state: seed)
    var values: (kept: Set<String>, gone: Set<String>) = ([], [])
    try queue(pageSize: pageSize).write { values = try fill($0, &random) }
    #expect(try !found(values.gone).isEmpty, "SQLite leaves some: else nothing is shown here")
    let before = try queue(pageSize: pageSize).read { try contents($0) }
    try scrub()
    #expect(values.gone.count > 200)
    #expect(try found(values.gone) == [])
    #expect(try queue(pageSize: pageSize).read { try contents($0) } == before)
    #expect(try found(values.kept).count == values.kept.count)
    let once = try Data(contentsOf: URL(fileURLWithPath: path))
    try scrub()
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == once, "there is nothing left to do")
  }

  @Test("A damaged file is refused, or scrubbed; nothing else happens")
  func damaged() throws {
    let seed = UInt64.random(in: .min ... .max)
    print("damaged pages: seed \(seed)")
    var random = Seeded(state: seed)
    try queue(pageSize: 1_024).write {
      _ = try fill($0, rows: 150, longest: 5_000, &random)
    }
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    var refused = 0
    for _ in 1...200 {
      try sound.damaged(pageSize: 1_024, &random).write(to: URL(fileURLWithPath: path))
      do { try scrub() } catch let fault as LoadFault {
        #expect(fault.kind == .damaged)
        refused += 1
      }
    }
    #expect(refused > 50)
  }

  @Test("What is no SQLite file, or one with a reserve at the end of its pages, is refused")
  func foreign() throws {
    for text in ["", "short", String(repeating: "x", count: 4_096)] {
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      #expect(throws: LoadFault.self) { try scrub() }
    }
    try FileManager.default.removeItem(atPath: path)
    try queue(pageSize: 1_024).write { try $0.execute(sql: Self.schema) }
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[20] = 8
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: LoadFault.self) { try scrub() }
  }
}
