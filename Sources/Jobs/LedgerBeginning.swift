import Archives
import Files
package import Keys
import Secrets
package import Store

/// The first entries of a site's ledger: whose it is, and what the journal of an earlier version
/// knows of the time before. Of an archive that still lies there its own header is asked, if its
/// signature and digest are right; of one that is gone, the journal.
package struct LedgerBeginning {
  private let site: Site
  private let journal: Journal

  package init(_ site: Site, _ journal: Journal) { (self.site, self.journal) = (site, journal) }

  /// Begins the ledger unless it has begun. Call it before anything is decided.
  /// - Parameter own: the site's card.
  package func ensure(_ own: Card) throws {
    guard let old = try journal.unrecorded() else { return }
    let cards = old.isEmpty ? [] : try site.keyring().cards
    try journal.begin(
      site: own.name.text, keyID: own.keyID.hex, fingerprint: own.fingerprint.digest.hex,
      before: old.map { record($0, own, cards) })
  }

  private func record(_ old: UnrecordedArchive, _ own: Card, _ cards: [Card]) -> ArchiveRecord {
    let entry = old.entry
    let file = ArchiveDraft.fileName(job: entry.job, sequence: entry.sequence)
    guard let digest = entry.digest.flatMap(Digest.init(hex:)), let name = try? EntryName(file),
      let folder = try? site.outbox.subfolder(EntryName(entry.stream))
    else { return ArchiveRecord(old, keyID: own.keyID.hex) }
    let shown = try? UnverifiedArchive(name, in: folder).verified(byOneOf: cards + [own])
    if let shown, shown.digest == digest {
      return ArchiveRecord(shown.header, digest: digest, bytes: shown.size)
    }
    let found = try? StagedArchive.find(name, digest: digest, signer: own, in: folder)
    if case .staged(let hidden)? = found {
      return ArchiveRecord(hidden.header, digest: digest, bytes: hidden.size)
    }
    return ArchiveRecord(old, keyID: own.keyID.hex)
  }
}
