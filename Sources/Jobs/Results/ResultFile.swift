import Archives
import Files
import Secrets
import Snapshots

/// The files of one result: the drop itself, or what came out of its archive.
struct ResultFile {
  struct Part {
    let entry: EntryName
    let folder: Folder
    let form: ResultReader.Form
  }

  /// The name that it was dropped under.
  let name: String
  let parts: [Part]
  /// Of an archive: which archive it answers, and the digest of the bytes that were signed.
  var answers: ArchiveReference?
  var archive: Digest?

  /// A plain one.
  init(_ file: DropFile, in claimed: Folder, _ form: ResultReader.Form) {
    name = file.name
    parts = [Part(entry: file.entry, folder: claimed, form: form)]
  }

  /// One that was opened into a folder.
  init(_ name: String, opened folder: Folder, answers: ArchiveReference, archive: Digest) throws {
    self.name = name
    (self.answers, self.archive) = (answers, archive)
    var entries: [EntryName] = []
    let results = try? folder.subfolder("results")
    try results?.scan { entry in
      entries.append(entry)
      return true
    }
    parts =
      results.map { results in
        entries.sorted { $0.description < $1.description }.map { entry in
          Part(
            entry: entry, folder: results, form: entry.hasSuffix(".csv") ? .csv : .json)
        }
      } ?? []
  }
}
