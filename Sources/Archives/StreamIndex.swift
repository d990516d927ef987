package import Files
internal import JSONText
package import Keys
package import Secrets

/// What a stream holds: its archives that lie in the outbox, and those that left it by retention.
/// Signed by the site, as `INDEX.json` beside the archives. It holds no time of day, so the same
/// state always makes the same bytes.
package struct StreamIndex: Sendable, Hashable {
  /// One archive in the outbox, as its header says.
  package struct Archive: Sendable, Hashable {
    package let sequence: Int64
    package let file: String
    package let kind: ArchiveKind
    package let digest: Digest
    /// Nil for the first of the stream, and only for that.
    package let previous: Digest?
    /// Of the file.
    package let bytes: Int64
    package let records: Int64
    package let job: ArchiveLabel
    package let created: UTCTime

    package init(
      sequence: Int64, file: String, kind: ArchiveKind, digest: Digest, previous: Digest?,
      bytes: Int64, records: Int64, job: ArchiveLabel, created: UTCTime
    ) {
      (self.sequence, self.file, self.kind) = (sequence, file, kind)
      (self.digest, self.previous) = (digest, previous)
      (self.bytes, self.records) = (bytes, records)
      (self.job, self.created) = (job, created)
    }
  }

  package static let fileName: EntryName = "INDEX.json"
  /// Bytes of the largest index that is read: some 150,000 archives.
  package static let maxBytes: Int64 = 64 << 20

  package let stream: ArchiveLabel
  /// The newest archive; nil when there is none yet.
  package let head: StreamPosition?
  /// Ascending.
  package let archives: [Archive]
  /// Sequences that left the outbox, ascending, with something between any two.
  package let retired: [ClosedRange<Int64>]

  /// - Throws: `document_format` unless archives and retired ranges cover all from 1 to the head,
  ///   each sequence once, and the head is the newest of them.
  package init(
    stream: ArchiveLabel, head: StreamPosition?, archives: [Archive],
    retired: [ClosedRange<Int64>]
  ) throws(KeysFault) {
    (self.stream, self.head) = (stream, head)
    (self.archives, self.retired) = (archives, retired)
    if let objection { throw KeysFault(.documentFormat, "the index of \(stream): \(objection)") }
  }

  /// Sequences as ranges. Takes them ascending.
  package static func ranges(of sequences: some Sequence<Int64>) -> [ClosedRange<Int64>] {
    var ranges: [ClosedRange<Int64>] = []
    for sequence in sequences {
      if let last = ranges.last, last.upperBound + 1 == sequence {
        ranges[ranges.count - 1] = last.lowerBound...sequence
      } else {
        ranges.append(sequence...sequence)
      }
    }
    return ranges
  }

  /// Throws `SecretsFault`.
  package func signed(by signer: Identity) throws -> SignedDocument {
    try SignedDocument(.index, members, signer: signer)
  }

  /// What is not in order, or nil.
  private var objection: String? {
    var spans = retired.map { ($0, true) } + archives.map { ($0.sequence...$0.sequence, false) }
    spans.sort { $0.0.lowerBound < $1.0.lowerBound }
    var (next, wasRetired): (Int64, Bool) = (1, false)
    for (span, isRetired) in spans {
      guard span.lowerBound == next else {
        return span.lowerBound < next
          ? "\(span.lowerBound) stands twice" : "\(next) is missing"
      }
      if wasRetired, isRetired { return "ranges that meet must be one" }
      (next, wasRetired) = (span.upperBound + 1, isRetired)
    }
    guard next == (head?.sequence ?? 0) + 1 else { return "it does not end with its head" }
    guard zip(archives, archives.dropFirst()).allSatisfy({ $0.sequence < $1.sequence }),
      zip(retired, retired.dropFirst()).allSatisfy({ $0.lowerBound < $1.lowerBound })
    else { return "it is not in order" }
    guard archives.allSatisfy({ ($0.previous == nil) == ($0.sequence == 1) }) else {
      return "only the first archive continues none"
    }
    let follow = zip(archives, archives.dropFirst()).filter { $0.sequence + 1 == $1.sequence }
    guard follow.allSatisfy({ $0.digest == $1.previous }) else {
      return "an archive does not continue the one before it"
    }
    if let last = archives.last, last.sequence == head?.sequence, last.digest != head?.digest {
      return "its head is another archive than its last"
    }
    return nil
  }
}
