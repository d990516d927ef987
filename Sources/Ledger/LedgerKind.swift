internal import JSONText

/// What an entry records.
package enum LedgerKind: String, Sendable, Hashable, CaseIterable {
  /// The first entry: whose ledger this is.
  case site
  /// A drop was taken in, and how it was decided.
  case drop
  /// A job ran.
  case run
  /// An archive is about to become visible.
  case archive
  /// A recipient says what became of an archive.
  case receipt
  /// An archive left the outbox by retention.
  case retired
  /// A VID-deletion policy ran.
  case policyRun = "policy_run"
  /// Another policy came into force.
  case policy
  /// A key came, went or changed.
  case keys
  /// Another version of the program took over.
  case program
  /// The operator's decisions about drops that were held.
  case release, retry, reject
  /// The operator had what results said of frozen registrants forgotten.
  case thaw

  /// The members of `what`: all of them, and no other but `optionalMembers`.
  package var members: Set<String> {
    switch self {
    case .site: ["name", "key_id", "fingerprint"]
    case .drop: ["drop", "kind", "outcome", "code", "digest", "origin", "released"]
    case .run:
      [
        "drop", "job", "version", "snapshot", "manifest", "policy", "filter", "conditions",
        "fields", "matched", "sent", "left_out", "stream", "sequence",
      ]
    case .archive:
      [
        "stream", "sequence", "file", "kind", "digest", "previous", "bytes", "records", "job",
        "created", "fields", "recipients", "snapshot", "manifest", "policy", "key_id",
      ]
    case .receipt: ["stream", "sequence", "state", "by", "digest"]
    case .retired: ["stream", "sequence", "to"]
    case .policyRun:
      [
        "drop", "policy", "digest", "snapshot", "matched", "registrants", "deleted", "left_out",
        "certificate", "file",
      ]
    case .policy: ["digest", "previous"]
    case .keys: ["change", "name", "key_id", "fingerprint"]
    case .program: ["version"]
    case .release, .retry, .reject: ["digest"]
    case .thaw: ["registrants"]
    }
  }

  /// Members that may be there besides.
  package var optionalMembers: Set<String> { self == .run ? ["accepted_loss"] : [] }

  func accepts(_ what: JSON) -> Bool {
    guard case .object(let members) = what else { return false }
    let keys = Set(members.map(\.key))
    return keys.count == members.count && keys.isSuperset(of: self.members)
      && keys.subtracting(self.members).isSubset(of: optionalMembers)
  }
}
