internal import JSONText
package import Ledger
package import Secrets

/// One place of the ledger where a salted digest stands.
package struct ShownDigest: Sendable, Hashable {
  /// The ledger's entry, and its kind.
  package let entry: Int64
  package let kind: LedgerKind
  /// The member of `what` that it is.
  package let member: String
  package let word: SaltedDigest.Word
  /// The number of the drop, for words of one drop; 0 for others.
  package let drop: Int64
  package let shown: SaltedDigest

  /// All that an entry shows.
  package static func all(in entry: LedgerEntry) -> [ShownDigest] {
    let drop = entry.what["drop"]?.integer ?? 0
    return entry.kind.salted(entry.what).compactMap { member, word in
      entry.what[member]?.text.flatMap(SaltedDigest.init(hex:)).map {
        ShownDigest(
          entry: entry.number, kind: entry.kind, member: member, word: word, drop: drop, shown: $0)
      }
    }
  }
}

extension LedgerKind {
  /// The members of `what` that are salted digests, and of what.
  fileprivate func salted(_ what: JSON) -> [(String, SaltedDigest.Word)] {
    switch self {
    // The drop of a policy's run is the policy. But for one that was refused: of that its bytes are told, as of any other.
    case .drop:
      what["kind"] == "vid-deletion" && what["outcome"] == "accepted"
        ? [("digest", .policy)] : [("digest", .drop)]
    case .run:
      [
        ("snapshot", .snapshot), ("manifest", .manifest), ("policy", .policy), ("filter", .filter),
      ]
    case .archive:
      [
        ("snapshot", .snapshot), ("policy", .policy),
        ("manifest", what["kind"] == "registry-patch" ? .policy : .manifest),
      ]
    case .policyRun: [("digest", .policy), ("snapshot", .snapshot)]
    case .policy: [("digest", .policy), ("previous", .policy)]
    case .release, .retry, .reject: [("digest", .drop)]
    case .site, .receipt, .retired, .keys, .program, .thaw: []
    }
  }
}
