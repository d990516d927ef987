package import Files
package import JSONText
package import Keys
package import Secrets

/// A site's signed word that VIDs are gone: by which policy, from which snapshot, how many, and the
/// keyed hash of each, so that who has the site's key can show that a given VID was among them.
/// Nobody else can tell a VID from its mark, so it may be read by all.
package struct ErasureCertificate: Sendable, Hashable {
  /// The keyed hash of a VID: 16 bytes, as two halves, the first ones first.
  package struct Mark: Sendable, Hashable, Comparable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    package static func < (a: Mark, b: Mark) -> Bool {
      a.high != b.high ? a.high < b.high : a.low < b.low
    }
  }

  package struct Counts: Sendable, Hashable {
    /// Registrants that the policy's domain found.
    package var matched: Int64
    /// Of those, whose VIDs went.
    package var registrants: Int64
    /// VIDs that went, each once.
    package var deleted: Int64
    /// Why others stayed, by a word of small letters and `_`.
    package var leftOut: [String: Int64]

    package init(
      matched: Int64, registrants: Int64, deleted: Int64, leftOut: [String: Int64] = [:]
    ) {
      (self.matched, self.registrants) = (matched, registrants)
      (self.deleted, self.leftOut) = (deleted, leftOut)
    }
  }

  /// `outbox/CERTIFICATES/`
  package static let folderName: EntryName = "CERTIFICATES"
  package static let ending = ".certificate.json"
  /// The VIDs of one run.
  package static let mostMarks = 1_000_000
  /// Bytes of the largest certificate that is read.
  package static let maxBytes: Int64 = 64 << 20

  /// The name of the run's drop.
  package let run: DropName
  /// The name of the policy, and the salted digest of its text.
  package let policy: DropName
  package let policyDigest: SaltedDigest
  /// Of the snapshot that it ran over, salted.
  package let snapshot: SaltedDigest
  package let at: UTCTime
  package let counts: Counts
  /// Which VIDs of a person went, and which tokens counted: the words of the policy.
  package let reach: String
  package let token: String
  /// Ascending, each once.
  package let marks: [Mark]

  /// - Parameter marks: of the deleted VIDs, in any order.
  /// - Throws: `document_format` when the counts do not agree with each other or with the marks, for
  ///   more than a million marks, and for one that stands twice.
  package init(
    run: DropName, policy: DropName, policyDigest: SaltedDigest,
    snapshot: SaltedDigest, at: UTCTime, counts: Counts, reach: String, token: String, marks: [Mark]
  ) throws(KeysFault) {
    try self.init(
      run, policy, policyDigest, snapshot, at, counts, reach, token, sorted: marks.sorted())
  }

  init(
    _ run: DropName, _ policy: DropName, _ policyDigest: SaltedDigest, _ snapshot: SaltedDigest,
    _ at: UTCTime, _ counts: Counts, _ reach: String, _ token: String, sorted marks: [Mark]
  ) throws(KeysFault) {
    (self.run, self.policy, self.policyDigest) = (run, policy, policyDigest)
    (self.snapshot, self.at, self.counts) = (snapshot, at, counts)
    (self.reach, self.token, self.marks) = (reach, token, marks)
    if let objection { throw KeysFault(.documentFormat, "the certificate: \(objection)") }
  }

  /// `RUN.certificate.json`; the signature's file has `.minisig` behind that.
  package var fileName: EntryName { get throws { try run.entry.appending(Self.ending) } }

  /// Signing the same certificate again with the same key gives the same bytes.
  /// - Throws: `SecretsFault`.
  package func signed(by signer: Identity) throws -> SignedDocument {
    try SignedDocument(.certificate, members, signer: signer)
  }

  /// Puts it into the outbox's `CERTIFICATES/`, in place of one of the same run.
  /// - Parameter document: as `signed(by:)` gave it.
  /// - Returns: the digest of the document, as the ledger's entry names it.
  /// - Throws: `FileFault`.
  @discardableResult
  package func publish(_ document: SignedDocument, in outbox: Folder) throws -> Digest {
    let folder = try outbox.subfolder(Self.folderName, create: 0o755)
    try document.publish(as: fileName, in: folder)
    return Digest(of: document.text)
  }

  /// What does not agree, or nil.
  private var objection: String? {
    guard marks.count <= Self.mostMarks else { return "more than \(Self.mostMarks) marks" }
    guard counts.deleted == marks.count else { return "it counts other VIDs than it has marks" }
    guard counts.registrants >= 0, counts.registrants <= counts.matched,
      (counts.deleted == 0) == (counts.registrants == 0),
      counts.leftOut.values.allSatisfy({ $0 >= 0 })
    else { return "its counts do not agree" }
    guard Self.reaches.contains(reach), Self.tokens.contains(token),
      counts.leftOut.keys.allSatisfy(Self.isWord)
    else { return "a word has not its form" }
    guard zip(marks, marks.dropFirst()).allSatisfy({ $0 < $1 }) else {
      return "its marks are not in order, or one stands twice"
    }
    return nil
  }

  /// The words of policies.
  private static let reaches: Set<String> = ["matched", "all"]
  private static let tokens: Set<String> = ["verified-result", "result", "registry"]

  /// 1 to 64 small letters, digits, `_` and `-`.
  static func isWord(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D
      }
  }
}
