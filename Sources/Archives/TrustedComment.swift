internal import Secrets

/// The signed comment of an archive's signature: says in one line what the archive is, for those
/// who have the stock tool only. Every word follows from the header.
enum TrustedComment {
  static func text(_ header: ArchiveHeader, preamble: [UInt8]) -> String {
    [
      "airlock \(header.kind.rawValue)", "stream=\(header.draft.stream)",
      "seq=\(header.draft.sequence)", "job=\(header.draft.job)", "sender=\(header.sender.name)",
      "records=\(header.draft.records)", "header=\(Digest(of: preamble).hex)",
    ].joined(separator: " ")
  }
}
