internal import Archives
internal import Keys
internal import Ledger
internal import Secrets

extension LedgerArchive {
  /// The members in which the ledger and an archive's header differ.
  func differences(from header: ArchiveHeader, bytes: Int64) -> [String] {
    let draft = header.draft
    let recipients = header.recipients.map {
      Recipient(name: $0.name.text, fingerprint: $0.fingerprint.digest.hex)
    }
    let members: [(String, Bool)] = [
      ("stream", stream == draft.stream.text), ("sequence", sequence == draft.sequence),
      ("file", file == header.fileName), ("kind", kind == header.kind.rawValue),
      ("previous", previous == draft.previous), ("bytes", self.bytes == bytes),
      ("records", records == draft.records), ("job", job == draft.job.text),
      ("created", created == draft.created), ("fields", fields == draft.fields),
      ("recipients", self.recipients.map(\.plain) == recipients),
      ("snapshot", snapshot == draft.digests.snapshot),
      ("manifest", manifest == draft.digests.manifest),
      ("policy", policy == draft.digests.policy), ("key_id", keyID == header.sender.keyID.hex),
    ]
    return members.filter { !$0.1 }.map(\.0)
  }
}

extension LedgerArchive.Recipient {
  /// Its fingerprint without the blanks that people read it by.
  fileprivate var plain: Self {
    Self(name: name, fingerprint: fingerprint.filter { $0 != " " })
  }
}
