import Archives
import Faults
import Files
import JSONText
import Keys
import Policies
import Secrets
import Store
import Tarballs

/// The file that a drop is judged by: as it was dropped, or as it came out of its archive.
package struct DropFile: Sendable {
  /// In `store/claimed/`.
  let entry: EntryName
  /// The name that whoever made it gave it.
  let name: String

  /// Before the digest of a name that no drop may bear.
  package static let badName = "badname-"

  /// Behind the claim's name; such a file can be made again at any time.
  package static let openedEnding = ".opened.tmp"

  static func opened(_ drop: Drop) throws -> EntryName {
    try EntryName(drop.claim).appending(openedEnding)
  }
}

/// Opens archives that were dropped: snapshots and jobs that somebody sealed to this site.
struct SealedDrops {
  let site: Site
  let identity: Identity
  let policy: SitePolicy
  let now: UTCTime

  struct Opened {
    let file: DropFile
    let kind: DropTrust.Kind
    let vouched: Vouched
  }

  /// The signature first, then whether its sender counts, then the seal.
  /// - Throws: `TrustFault`; `not_a_drop` for an archive of another kind; `ArchiveFault` for one
  ///   that is damaged.
  func open(_ drop: Drop) throws -> Opened {
    let claim = try EntryName(drop.claim)
    let archive = try UnverifiedArchive(claim, in: site.claimed)
    guard let kind = Self.kind(archive.header.kind) else {
      throw JobFault(
        code: "not_a_drop",
        message:
          "an archive of the kind \(archive.header.kind.rawValue) is not something to drop here",
        hint: "drop archives made with: airlock seal FILE --kind snapshot|job")
    }
    guard try Sidecar(drop, site, at: now).isSigned() else {
      throw TrustFault.unsignedArchive(kind)
    }
    let sender = try sender(archive.header, kind)
    return try TrustFault.translating {
      let verified = try archive.verified(by: sender)
      let limit = policy.intake.bytes
      let opened = try verified.openDrop(
        own(for: archive.header), into: site.claimed, as: DropFile.opened(drop),
        limits: TarballLimits(expandedBytes: limit, entryBytes: limit))
      let file = DropFile(entry: try DropFile.opened(drop), name: opened.name.text)
      let order = SignedOrder(signer: sender.name.text, issued: archive.header.draft.sequence)
      return Opened(
        file: file, kind: kind, vouched: Vouched(digest: opened.digest, order: order))
    }
  }

  /// Opens an archive of results into a folder; nil for an archive of another kind. Its sender must be
  /// a recipient of the stream whose archive it answers.
  /// - Throws: as `open`; `result_of_another_stream`.
  func openResult(_ drop: Drop) throws -> ResultFile? {
    let archive = try UnverifiedArchive(EntryName(drop.claim), in: site.claimed)
    guard archive.header.kind == .mtsResults else { return nil }
    guard try Sidecar(drop, site, at: now).isSigned() else {
      throw TrustFault.unsignedArchive(.result)
    }
    let sender = try sender(archive.header, .result)
    let name = try DropFile.opened(drop)
    try site.claimed.removeTree(name)
    let limit = policy.intake.bytes
    let (verified, opened) = try TrustFault.translating {
      let verified = try archive.verified(by: sender)
      let opened = try verified.open(
        own(for: archive.header), into: site.claimed.path(of: name),
        limits: TarballLimits(expandedBytes: limit, entryBytes: limit))
      return (verified, opened)
    }
    guard let answers = opened.answers else { return nil }
    let recipients = policy.recipients(of: answers.stream.text) ?? []
    guard recipients.contains(sender.name.text) else {
      throw ResultFault.otherStream(sender.name, answers)
    }
    return try ResultFile(
      drop.name, opened: site.claimed.subfolder(name), answers: answers, archive: verified.digest)
  }

  /// The card of the sender that the header names, if its owner may send such a drop.
  private func sender(_ header: ArchiveHeader, _ kind: DropTrust.Kind) throws -> Card {
    let keyring = try site.keyring()
    guard let card = try keyring.card(header.sender.keyID) else {
      throw TrustFault.unknownSigner(header.sender.keyID)
    }
    guard card.name == header.sender.name else {
      throw TrustFault.nameDiffers(header.sender.name, card.name)
    }
    guard policy.trust[kind].signers.contains(card.name.text) else {
      throw TrustFault.notTrusted(card.name, kind)
    }
    try keyring.check(card, for: kind.usage, at: now)
    return card
  }

  /// While a rotation lasts, others seal to the old key or to the next one.
  private func own(for header: ArchiveHeader) throws -> Identity {
    let recipients = header.recipients.map(\.fingerprint)
    guard !recipients.contains(identity.card.fingerprint) else { return identity }
    do { return try KeyFolder(site.keys).identity(opening: recipients, at: now) } catch let fault
      as KeysFault where fault.kind == .passphraseNeeded
    {
      throw JobFault(
        code: "own_key_locked",
        message: "it is sealed to a key of this site that needs its passphrase",
        hint: "end airlock watch; once airlock keys rotate --finish is done, start it again",
        blame: .environment)
    }
  }

  static func kind(_ kind: ArchiveKind) -> DropTrust.Kind? {
    switch kind {
    case .snapshot: .snapshot
    case .job: .job
    case .mtsResults: .result
    default: nil
    }
  }
}
