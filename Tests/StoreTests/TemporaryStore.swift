import Files
import Fixtures
import Foundation
import Snapshots

@testable import Store

/// A store folder with one of the real exports in force.
struct TemporaryStore {
  let store: Folder
  private let folder: TemporaryFolder

  /// - Parameter form: `extract` or `search_read`.
  init(loading form: String) throws {
    let folder = try TemporaryFolder()
    let tar = folder("export.tar")
    try Tool.run("tar", ["-C", Fixture.path(form), "-cf", tar, "."])
    try Tool.run("tar", ["-C", Fixture.path("fields_get"), "-rf", tar, "."])
    try self.init(file: tar, in: folder)
  }

  /// The lossless extract of the second registry.
  static func second() throws -> TemporaryStore {
    try TemporaryStore(
      file: Fixture.path("registry.tar.zst", of: "odoo17b"), in: TemporaryFolder())
  }

  private init(file: String, in folder: TemporaryFolder) throws {
    self.folder = folder
    store = try Folder(path: folder.path)
    let source = SnapshotSource(name: "export.tar") {
      try DropInput(OpenFile(path: file, rules: .named(limit: .max)))
    }
    try SnapshotLoader(into: store).load(source, now: Date(timeIntervalSince1970: 0)).commit()
  }
}
