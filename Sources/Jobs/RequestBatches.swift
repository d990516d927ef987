import Archives
import JSONText
import Language
package import Policies
import Store
import Tarballs

/// Packs a job's registrants into `requests/000001.json`, …, then `rejects.ndjson`, then
/// `manifest.json`. Memory holds one batch, and nine bytes for each registrant left out.
struct RequestBatches {
  private let tar: TarZstdWriter
  private let batchSize: Int
  private let envelope: RequestEnvelope
  private var writer: RecordWriter
  private(set) var counts = JobCounts()
  private var rejects = RejectList()
  private let resend: ResendGuard.Look
  private let limit: Int
  /// Whose VIDs go out.
  private(set) var sent: SentVIDs

  /// - Parameter sent: the list to note them in.
  init(
    _ plan: JobPlan, time: String, resend: ResendGuard.Look, sent: SentVIDs,
    into tar: TarZstdWriter
  ) {
    self.tar = tar
    self.resend = resend
    self.sent = sent
    limit = plan.manifest.limit ?? .max
    batchSize = plan.manifest.mts.batchSize
    envelope = RequestEnvelope(plan.manifest.mts, time: time)
    writer = RecordWriter(layout: plan.layout, rules: plan.rules, genders: plan.genders)
    writer.begin(envelope.prefix)
  }

  /// Takes one registrant.
  /// - Returns: whether there is room for more.
  mutating func append(
    _ row: borrowing RegistrantRow, isShared: (UnsafeBufferPointer<UInt8>) -> Bool
  ) throws -> Bool {
    counts.matched += 1
    let mark = row.vid.flatMap(resend.mark)
    if let mark, resend.isOut(mark) {
      leaveOut(row.id, .pending)
    } else if let reason = writer.append(row, isShared: isShared) {
      leaveOut(row.id, reason)
    } else {
      counts.sent += 1
      counts.unknownGenders = writer.unknownGenders
      if let mark { sent.append(mark, of: row.id) }
      if writer.count == batchSize { try flush() }
    }
    return counts.sent < limit
  }

  private mutating func leaveOut(_ id: Int64, _ reason: LeftOut) {
    counts.leftOut[reason, default: 0] += 1
    rejects.append(id, reason)
  }

  /// Ends the last batch and writes what describes them all.
  mutating func finish(_ describe: (JobCounts) -> JSON) throws {
    if writer.count > 0 { try flush() }
    try rejects.write(to: tar)
    try tar.add("manifest.json", ArchiveManifest.text(describe(counts)))
    try tar.finish()
  }

  private mutating func flush() throws {
    writer.end(envelope.suffix)
    counts.batches += 1
    guard counts.batches <= 999_999 else {
      throw JobFault(
        code: "too_many_batches", message: "the job makes more than 999,999 batches",
        hint: "set a larger \"batch_size\"")
    }
    let digits = String(1_000_000 + counts.batches).dropFirst()
    try tar.add("requests/\(digits).json", writer.bytes)
    writer.begin(envelope.prefix)
  }
}

/// How many, and why not.
package struct JobCounts: Sendable, Equatable {
  package var matched = 0
  package var sent = 0
  package var batches = 0
  package var leftOut: [LeftOut: Int] = [:]
  /// Records that were sent with a gender that no table knows.
  package var unknownGenders = 0

  /// What is to be told of what was sent.
  package var warnings: [Verdict.Reason] {
    guard unknownGenders > 0 else { return [] }
    return [
      Verdict.Reason(
        code: "unknown_gender",
        message:
          "\(unknownGenders) records are sent with a gender that is no word of the MTS's and in no table, as it stands",
        hint:
          "say what it is for the MTS: \"values\": {\"gender\": {…}} in \"mts\", of the manifest or of policies/site.json"
      )
    ]
  }

  /// The reasons by their names.
  package var leftOutByCode: [String: Int] {
    Dictionary(uniqueKeysWithValues: leftOut.map { ($0.key.code, $0.value) })
  }
}
