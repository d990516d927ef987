internal import Files
internal import Keys
internal import Ledger

/// What lies in an outbox's `CERTIFICATES/`, by name.
struct CertificateListing {
  let folder: Folder
  private(set) var files: [EntryName] = []
  private(set) var strangers: [EntryName] = []
  private(set) var staged = 0

  /// - Parameter isBeingWritten: whether a site at work may have made a file just now.
  init(
    _ folder: Folder, _ isBeingWritten: (EntryName, Folder) throws(FileFault) -> Bool
  ) throws(FileFault) {
    self.folder = folder
    let all = try folder.names(limit: OutboxListing.most)
    let known = Set(all)
    for entry in all {
      if try isBeingWritten(entry, folder) {
        staged += 1
      } else if entry.text?.hasSuffix(ErasureCertificate.ending) == true {
        files.append(entry)
      } else if try !Self.isSignature(entry, of: known, in: folder) {
        strangers.append(entry)
      }
    }
    files.sort { ($0.text ?? "") < ($1.text ?? "") }
  }

  /// Whether this is the signature of a certificate that is there.
  private static func isSignature(
    _ name: EntryName, of known: Set<EntryName>, in folder: Folder
  ) throws(FileFault) -> Bool {
    let ending = SignedDocument.signatureEnding
    guard let text = name.text, text.hasSuffix(ErasureCertificate.ending + ending),
      known.contains(try EntryName(text.dropLast(ending.count)))
    else { return false }
    return try folder.status(of: name)?.kind == .regular
  }
}
