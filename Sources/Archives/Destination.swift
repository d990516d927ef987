internal import Files
internal import Secrets

/// The folder that an archive is opened into, and the hidden one beside it where that is prepared.
final class Destination {
  private let parent: Folder
  private let name: EntryName
  private let stagedName: EntryName

  /// - Throws: `destination` when there is something at `path` that is not an empty folder,
  ///   `FileFault`.
  init(path: String) throws {
    let parts = path.split(separator: "/")
    guard let last = parts.last, last != ".", last != ".." else {
      throw ArchiveFault(.destination, "bad_destination", "this is no place for a new folder")
    }
    let start = path.hasPrefix("/") ? "/" : "./"
    parent = try Destination.parent(at: start + parts.dropLast().joined(separator: "/"))
    name = try EntryName(last)
    stagedName = try EntryName(".\(last).\(Hex.encode(randomBytes(4))).tmp")
    try requireFree()
  }

  private static func parent(at path: String) throws -> Folder {
    do throws(FileFault) { return try Folder(path: path) } catch {
      guard error.kind == .notFound else { throw error }
      throw ArchiveFault(
        .destination, "no_parent", "there is no folder \(Printable.quoted(path)) to open into",
        hint: "make it first, with mkdir")
    }
  }

  /// Makes the hidden folder.
  func stage() throws(FileFault) -> Folder {
    try parent.subfolder(stagedName, create: 0o700)
  }

  /// Gives it its name.
  func publish() throws {
    if try requireFree() { try parent.removeFolder(name) }
    try parent.rename(stagedName, to: parent, as: name)
    try parent.sync()
  }

  func discard() throws { try parent.removeTree(stagedName) }

  /// Whether there is an empty folder.
  @discardableResult
  private func requireFree() throws -> Bool {
    guard let status = try parent.status(of: name) else { return false }
    guard status.kind == .folder, try parent.subfolder(name).scan(limit: 1, { _ in false }) == 0
    else {
      throw ArchiveFault(
        .destination, "destination_taken", "\(name) is there and is not an empty folder",
        hint: "choose a folder that does not exist yet")
    }
    return true
  }
}
