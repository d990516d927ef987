internal import Files
internal import JSONText
internal import Secrets

/// What the script in the registry says became of a patch: unsigned, and of no weight until a
/// receiver signs a receipt of it.
///
/// `{"airlock": "patch-report", "version": 1, "stream": …, "sequence": …, "archive": DIGEST,
/// "done": …, "stale": [{"operation": …, "reason": …}, …]}`
package struct AppliedReport: Sendable, Hashable {
  private let stream: String
  private let sequence: Int64
  private let archive: Digest
  private let done: Int64
  /// Ascending, each once.
  private let stale: [Int64]

  private static let limits = JSONLimits(bytes: 256 << 20, depth: 4)

  /// - Throws: `draft` (`report_format`) for what is no such report; `FileFault`.
  package init(path: String) throws {
    let text = try OpenFile(path: path, rules: .named(limit: Int64(AppliedReport.limits.bytes)))
      .readAll()
    do { try self.init(parsing: text) } catch {
      throw ArchiveFault(
        .draft, "report_format", "the report: \(error)",
        hint: "contrib/apply_registry_patch.py writes FOLDER.applied.json")
    }
  }

  package init(parsing text: [UInt8]) throws {
    let root = try JSONCursor(JSONDocument(parsing: text, limits: AppliedReport.limits))
    var members = try root.object()
    for (key, value) in [("airlock", "patch-report")] {
      let cursor = try members.required(key)
      guard try cursor.string() == value else { throw cursor.fault("malformed", "not a \(value)") }
    }
    _ = try members.required("version").integer(in: 1...1)
    stream = try members.required("stream").string()
    sequence = try members.required("sequence").integer(in: ArchiveDraft.sequences)
    let digest = try members.required("archive")
    guard let archive = Digest(hex: try digest.string()) else {
      throw digest.fault("malformed", "this is not the digest of an archive")
    }
    self.archive = archive
    done = try members.required("done").integer(in: ArchiveDraft.recordCounts)
    stale = try members.required("stale").array().map(AppliedReport.number)
    try members.finish()
  }

  private static func number(_ cursor: JSONCursor) throws -> Int64 {
    var members = try cursor.object()
    let number = try members.required("operation").integer(in: ArchiveDraft.sequences)
    _ = try members.required("reason").string()
    try members.finish()
    return number
  }

  /// What a receipt says by it.
  /// - Throws: `draft` (`report_differs`) unless it is of this very archive, and counts its operations.
  package func state(of archive: VerifiedArchive) throws(ArchiveFault) -> Receipt.State {
    let draft = archive.header.draft
    guard draft.kind == .registryPatch, stream == draft.stream.text, sequence == draft.sequence,
      self.archive == archive.digest
    else { throw AppliedReport.differs("it is not about this archive") }
    let isSound = zip(stale, stale.dropFirst()).allSatisfy { $0 < $1 }
    guard isSound, stale.last ?? 0 <= draft.records, done == draft.records - Int64(stale.count)
    else { throw AppliedReport.differs("it does not count the archive's operations, each once") }
    return .applied(operations: draft.records, stale: stale)
  }

  private static func differs(_ fact: String) -> ArchiveFault {
    ArchiveFault(
      .draft, "report_differs", "the report: \(fact)",
      hint: "apply the patch that this archive opened to; the script writes the report anew")
  }
}
