import Files
import Foundation
import Glibc

/// A folder of a test's own, removed with all that is in it when the test is done.
final class Scratch {
  let url: URL
  let folder: Folder

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("airlock-files-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    folder = try Folder(path: url.path)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.path + "/" + name }

  func write(_ text: String, as name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: URL(fileURLWithPath: path(name)), encoding: .utf8)
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }

  func mode(_ name: String) throws -> UInt32? {
    try folder.status(of: EntryName(name))?.mode
  }
}

/// The class of the fault that `body` throws; `nil` if it throws none or another error.
func fault(_ body: () throws -> Void) -> FileFault.Kind? {
  do {
    try body()
    return nil
  } catch {
    return (error as? FileFault)?.kind
  }
}
