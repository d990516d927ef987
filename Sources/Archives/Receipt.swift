package import JSONText
package import Keys
package import Secrets

/// What a receiver says back about one archive: that it opened it, and later, what became of its
/// records at the MTS. Signed and not sealed: it holds counts and digests only, and the auditor
/// must be able to read it. A sealed drop has none; the site's verdict answers it.
package struct Receipt: Sendable, Hashable {
  package enum State: Sendable, Hashable {
    case opened
    /// How many records the MTS answered with a token, and how many it refused.
    case tokenised(answered: Int64, failed: Int64)
    /// How many operations of a registry patch are done, and the numbers of those that did not fit
    /// any more: ascending, apart, at most `mostRanges`.
    case applied(done: Int64, stale: [ClosedRange<Int64>])

    /// As it stands in the document and in the file's name.
    package var word: String {
      switch self {
      case .opened: "opened"
      case .tokenised: "tokenised"
      case .applied: "applied"
      }
    }

    /// Whether it can be said of an archive of this kind.
    package func suits(_ kind: ArchiveKind) -> Bool {
      switch self {
      case .opened: !kind.isDrop
      case .tokenised: kind == .mtsRequest
      case .applied: kind == .registryPatch
      }
    }
  }

  /// Who made it.
  package let by: KeyName
  /// Who sent the archive.
  package let to: KeyName
  package let stream: ArchiveLabel
  package let sequence: Int64
  /// The digest of the archive's file.
  package let archive: Digest
  package let state: State
  /// As the archive's header says.
  package let records: Int64
  /// By the receiver's clock, which may be wrong.
  package let at: UTCTime

  /// - Throws: `draft` for a sealed drop, and for counts that the archive cannot have.
  package init(
    for archive: VerifiedArchive, by receiver: KeyName, state: State, at: UTCTime
  ) throws(ArchiveFault) {
    let draft = archive.header.draft
    guard !draft.kind.isDrop else {
      throw ArchiveFault(
        .draft, "receipt_of_drop", "a sealed \(draft.kind.rawValue) has no receipt",
        hint: "the site's verdict says what became of it")
    }
    guard state.suits(draft.kind) else {
      throw ArchiveFault(
        .draft, "receipt_state",
        "\"\(state.word)\" is not said of archives of \(draft.kind.rawValue)",
        hint: "an mts-request is \"tokenised\", a registry-patch is \"applied\"")
    }
    if let objection = Receipt.objection(state, records: draft.records) {
      throw ArchiveFault(.draft, "receipt_counts", objection)
    }
    (by, to, self.state, self.at) = (receiver, archive.sender.name, state, at)
    (stream, sequence, records) = (draft.stream, draft.sequence, draft.records)
    self.archive = archive.digest
  }

  /// What counts cannot be, or nil.
  private static func objection(_ state: State, records: Int64) -> String? {
    switch state {
    case .opened: return nil
    case .applied(let done, let stale): return objection(done, stale, operations: records)
    case .tokenised(let answered, let failed):
      let isSound =
        answered >= 0 && failed >= 0 && answered <= records && failed <= records - answered
      return isSound
        ? nil
        : "the archive has \(records) records, fewer than are said to be answered or failed"
    }
  }

  /// `STREAM-00000042.opened.receipt.json`; the signature's file has `.minisig` behind that.
  package var fileName: String {
    let number = ArchiveDraft.fileName(job: stream.text, sequence: sequence).dropLast(7)
    return "\(number).\(state.word).receipt.json"
  }

  /// - Parameter signer: the receiver; its name must be `by`.
  /// - Throws: `SecretsFault`.
  package func signed(by signer: Identity) throws -> SignedDocument {
    try SignedDocument(.receipt, members, signer: signer)
  }

  /// What stands in the document beside `airlock`, `version` and `sender`.
  package var members: [JSON.Member] {
    var members: [JSON.Member] = [
      .init("to", .string(to.text)), .init("stream", .string(stream.text)),
      .init("sequence", .int(sequence)), .init("archive", .string(archive.hex)),
      .init("state", .string(state.word)), .init("records", .int(records)),
      .init("at", .string(at.text)),
    ]
    if case .tokenised(let answered, let failed) = state {
      members += [.init("answered", .int(answered)), .init("failed", .int(failed))]
    }
    if case .applied(let done, let stale) = state { members += Receipt.members(done, stale) }
    return members
  }
}

extension Receipt: SignedContent {
  package static let kind = SignedDocument.Kind.receipt
  package static let mostBytes = limits.bytes

  package func mayBeNamed(_ file: String) -> Bool { file == fileName }

  static let limits = JSONLimits(bytes: 64 << 10, depth: 4)

  package init(by sender: DocumentSender, _ members: inout JSONObjectCursor) throws {
    by = sender.name
    to = try Receipt.parsed(members.required("to")) { try? KeyName($0) }
    stream = try Receipt.parsed(members.required("stream"), ArchiveLabel.init)
    sequence = try members.required("sequence").integer(in: ArchiveDraft.sequences)
    archive = try Receipt.parsed(members.required("archive"), Digest.init(hex:))
    records = try members.required("records").integer(in: ArchiveDraft.recordCounts)
    at = try Receipt.parsed(members.required("at"), UTCTime.init(text:))
    state = try Receipt.state(&members)
    if let objection = Receipt.objection(state, records: records) {
      throw KeysFault(.documentFormat, "the receipt: \(objection)")
    }
  }

  private static func state(_ members: inout JSONObjectCursor) throws -> State {
    let state = try members.required("state")
    switch try state.string() {
    case "opened": return .opened
    case "tokenised":
      return .tokenised(
        answered: try members.required("answered").integer(in: ArchiveDraft.recordCounts),
        failed: try members.required("failed").integer(in: ArchiveDraft.recordCounts))
    case "applied": return try applied(&members)
    default:
      throw state.fault("unknown_state", "the state is \"opened\", \"tokenised\" or \"applied\"")
    }
  }

  private static func parsed<Value>(
    _ cursor: JSONCursor, _ make: (String) -> Value?
  ) throws -> Value {
    guard let value = make(try cursor.string()) else {
      throw cursor.fault("malformed", "this has not the form that it must have")
    }
    return value
  }
}
