package import Files
internal import JSONText
package import Keys
internal import Secrets

extension Receipt {
  /// Writes the receipt and its signature, in place of an earlier one of the same archive. Mode 0600:
  /// FAT sticks refuse any other.
  /// - Throws: as `requirePlace`, `FileFault`, `SecretsFault`.
  package func publish(by signer: Identity, in folder: Folder) throws {
    try requirePlace(in: folder)
    try signed(by: signer).publish(as: EntryName(fileName), in: folder)
  }

  /// - Throws: `destination` (`receipt_taken`) when the receipt of another archive is there, as when
  ///   two senders name their streams alike; `FileFault`.
  package func requirePlace(in folder: Folder) throws {
    let name = try EntryName(fileName)
    guard try folder.exists(name) else { return }
    let rules = OpenRules.drop(limit: Int64(Receipt.limits.bytes))
    let text = try OpenFile(name, in: folder, rules: rules).readAll()
    let there = try? JSONDocument(parsing: text, limits: Receipt.limits).root.json
    guard there?["archive"]?.text == archive.hex else {
      throw ArchiveFault(
        .destination, "receipt_taken", "there is a receipt \(name) of another archive",
        hint: "carry it back to its sender first, or name another folder for this one")
    }
  }
}

extension ArchiveHeader {
  /// What to say when the archive's clock and ours are far apart. Nothing is decided by either.
  package func clockDoubt(now: UTCTime) -> String? {
    let ahead = draft.created.seconds - now.seconds
    guard ahead > 86_400 || ahead < -366 * 86_400 else { return nil }
    return "the archive says it was made \(draft.created), this machine's clock says \(now): "
      + "one of the two is wrong, or it is very old"
  }
}
