import Secrets

/// Whose word a job is, and when it was given, by the signer's own clock: of two orders of one signer for
/// one job the later holds, in whatever order they are handed over.
struct SignedOrder: Sendable, Equatable {
  /// A name in `keys/`: it stays when the key changes.
  let signer: String
  /// Milliseconds since 1970.
  let issued: Int64

  /// Where the signature tells no time: such an order is before all others.
  static let untimed: Int64 = 0

  init(signer: String, issued: Int64) { (self.signer, self.issued) = (signer, issued) }

  /// Of a verified signature. The stock tool's comment begins with the time: `timestamp:1764000000`.
  init(signer: String, _ signature: MinisignSignature) {
    let word = signature.trustedComment.prefix { $0 != "\t" && $0 != " " }
    let seconds = word.hasPrefix("timestamp:") ? Int64(word.dropFirst(10)) : nil
    self.init(signer: signer, issued: min(max(seconds ?? Self.untimed, 0), 1 << 42) * 1_000)
  }
}

/// What somebody vouched for.
struct Vouched: Sendable, Equatable {
  /// Of the bytes.
  let digest: Digest
  /// Nil where a sum alone vouched for them.
  let order: SignedOrder?
}
