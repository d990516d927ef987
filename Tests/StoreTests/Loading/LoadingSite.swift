import Files
import Fixtures
import Foundation
import GRDB
import Snapshots

@testable import Store

/// A folder `store/` for one test, and a folder to pack drops in.
struct LoadingSite {
  let store: Folder
  let drops: TemporaryFolder
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    drops = try TemporaryFolder()
    store = try Folder(path: folder.path)
  }

  /// What lies in `store/`.
  var names: [String] { folder.names() }

  /// Packs or compresses by a shell line that runs where `drop` will be looked for.
  func make(_ drop: String, _ line: String) throws -> String {
    let result = try Tool.run("/bin/bash", ["-ec", line], in: drops.path)
    guard result.status == 0 else { throw ToolFailure(line: line, errors: result.errors) }
    return drops(drop)
  }

  struct ToolFailure: Error {
    let line: String
    let errors: String
  }

  func staged(
    _ path: String, limits: SnapshotLimits = SnapshotLimits()
  ) throws -> StagedSnapshot {
    try SnapshotLoader(into: store, limits: limits).load(
      .path(path, rules: .named(limit: .max)), now: Date(timeIntervalSince1970: 1_700_000_000.5))
  }

  func staged(text: String, as name: String = "drop.json") throws -> StagedSnapshot {
    try drops.write(text, as: name)
    return try staged(drops(name))
  }

  /// Loads a text and opens what is then in force.
  @discardableResult
  func load(_ text: String) throws -> SnapshotStore {
    try staged(text: text).commit()
    return try SnapshotStore.open(store)
  }
}

extension SnapshotStore {
  func rows(_ sql: String) throws -> [Row] { try queue.read { try Row.fetchAll($0, sql: sql) } }

  /// All values of all rows, as text: `1|a|NULL`.
  func text(_ sql: String) throws -> [String] {
    try rows(sql).map { row in
      row.databaseValues.map { $0.isNull ? "NULL" : String(describing: $0.storage.value ?? "") }
        .joined(separator: "|")
    }
  }

  var tables: [String] {
    get throws { try text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") }
  }

  /// Every table of the registry, row by row.
  var dump: [String: [String]] {
    get throws {
      var dump: [String: [String]] = [:]
      for table in try tables where !table.hasPrefix("airlock_snapshot") {
        dump[table] = try text("SELECT * FROM \"\(table)\" ORDER BY 1, 2")
      }
      return dump
    }
  }
}
