package import Secrets

/// How far a stream is known: the last archive that was accepted.
package struct StreamPosition: Sendable, Hashable {
  package let sequence: Int64
  package let digest: Digest

  package init(sequence: Int64, digest: Digest) {
    self.sequence = sequence
    self.digest = digest
  }
}

extension VerifiedArchive {
  /// Where the stream is when this archive was accepted.
  package var position: StreamPosition {
    StreamPosition(sequence: header.draft.sequence, digest: digest)
  }

  /// Checks that this is the stream's next archive.
  /// - Parameter last: nil when nothing of this stream was accepted yet.
  /// - Throws: `replay`: `replayed` for what came before, `sequence_gap` when some are missing,
  ///   `forked` when it does not continue the last one.
  package func requireNext(after last: StreamPosition?) throws(ArchiveFault) {
    let sequence = header.draft.sequence
    let wanted = (last?.sequence ?? 0) + 1
    if sequence < wanted {
      throw ArchiveFault(
        .replay, "replayed", "archive \(sequence) of \(header.draft.stream) was here before")
    }
    if sequence > wanted {
      throw ArchiveFault(
        .replay, "sequence_gap",
        "archives \(wanted) to \(sequence - 1) of \(header.draft.stream) are missing",
        hint: "collect and open them first")
    }
    guard header.draft.previous == last?.digest else {
      throw ArchiveFault(
        .replay, "forked", "archive \(sequence) of \(header.draft.stream) continues another one")
    }
  }
}
