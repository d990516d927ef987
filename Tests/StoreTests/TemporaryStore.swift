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
    folder = try TemporaryFolder()
    store = try Folder(path: folder.path)
    let tar = folder("export.tar")
    try Tool.run("tar", ["-C", Fixture.path(form), "-cf", tar, "."])
    try Tool.run("tar", ["-C", Fixture.path("fields_get"), "-rf", tar, "."])
    let source = SnapshotSource(name: "export.tar") {
      try DropInput(OpenFile(path: tar, rules: .named(limit: .max)))
    }
    try SnapshotLoader(into: store).load(source, now: Date(timeIntervalSince1970: 0)).commit()
  }
}
