import Faults
package import Files

/// The highest number that each stream has given, kept beside the journal: `store/streams/STREAM`. A
/// journal that was restored from a backup does not know the newest archives, and once these are
/// collected nothing else would tell. A mark only rises.
package struct SequenceMarks {
  private let folder: Folder

  /// - Parameter store: the site's `store/`.
  package init(in store: Folder) throws { folder = try store.subfolder("streams", create: 0o700) }

  /// 0 if nothing was noted.
  /// - Throws: `mark_unreadable` for a mark that is no number: it is not taken for none.
  package func highest(of stream: String) throws -> Int64 {
    let name = try EntryName(stream)
    guard try folder.exists(name) else { return 0 }
    let text = try OpenFile(name, in: folder, rules: .named(limit: 64)).readAll()
    let digits = String(decoding: text, as: UTF8.self).split(separator: "\n").first.map(String.init)
    guard let number = digits.flatMap(Int64.init), number > 0 else {
      throw StoreFault(
        code: "mark_unreadable", message: "store/streams/\(stream) holds no number",
        hint: "write the number of the newest archive of the stream into it", blame: .environment)
    }
    return number
  }

  /// Notes a number before its archive is shown.
  package func raise(_ stream: String, to sequence: Int64) throws {
    guard try highest(of: stream) < sequence else { return }
    try AtomicFile.write(
      "\(sequence)\n", as: EntryName(stream), in: folder, mode: 0o600, replacing: true)
  }
}
