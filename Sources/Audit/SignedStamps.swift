internal import Archives
internal import Files
internal import Keys
internal import Ledger

/// When the checkpoint, the indexes and the certificates of an outbox were last written: they change with whatever a
/// site does there.
struct SignedStamps: Equatable {
  private var stamps: [EntryName: [FileStamp?]] = [:]

  init(_ outbox: Folder) {
    for name in (try? outbox.names(limit: OutboxListing.most)) ?? [] where !name.isStaged {
      if name == ErasureCertificate.folderName {
        stamps[name] = [(try? outbox.status(of: name))?.stamp]
        continue
      }
      guard let folder = try? outbox.subfolder(name) else { continue }
      let document = name == LedgerFolder.name ? LedgerFolder.checkpointName : StreamIndex.fileName
      let signature = try? document.appending(SignedDocument.signatureEnding)
      stamps[name] = [document, signature].map { file in
        file.flatMap { try? folder.status(of: $0) }?.stamp
      }
    }
  }
}
