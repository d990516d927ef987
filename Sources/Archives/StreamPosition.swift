package import Secrets

/// One archive of a stream that was received: its number, and the digest of its file.
package struct StreamPosition: Sendable, Hashable {
  package let sequence: Int64
  package let digest: Digest

  package init(sequence: Int64, digest: Digest) {
    self.sequence = sequence
    self.digest = digest
  }
}

/// All that a stream's order needs to know of an archive.
package struct StreamArrival: Sendable, Hashable {
  package let position: StreamPosition
  /// The digest of the archive before it, as it says; nil for the first.
  package let previous: Digest?

  package init(sequence: Int64, digest: Digest, previous: Digest?) {
    position = StreamPosition(sequence: sequence, digest: digest)
    self.previous = previous
  }
}

extension VerifiedArchive {
  package var arrival: StreamArrival {
    StreamArrival(
      sequence: header.draft.sequence, digest: digest, previous: header.draft.previous)
  }
}
