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

  /// The members of `what`, each with its form: all of them, and no other but `optionalMembers`.
  package var members: Set<String> { Set(forms.keys) }

  /// Members that may be there besides.
  package var optionalMembers: Set<String> { Set(optionalForms.keys) }

  func accepts(_ what: JSON) -> Bool {
    guard case .object(let members) = what else { return false }
    let keys = Set(members.map(\.key))
    return keys.count == members.count && keys.isSuperset(of: self.members)
      && keys.subtracting(self.members).isSubset(of: optionalMembers)
  }

  /// The first member whose value has not its form; nil if there is none.
  func malformed(in what: JSON) -> String? {
    guard case .object(let members) = what else { return nil }
    let forms = forms.merging(optionalForms) { form, _ in form }
    return members.first { forms[$0.key]?.accepts($0.value) != true }?.key
  }

  private var forms: [String: LedgerForm] { Self.table[self] ?? [:] }

  private var optionalForms: [String: LedgerForm] {
    self == .run ? ["accepted_loss": .list(.text)] : [:]
  }

  private static let table: [LedgerKind: [String: LedgerForm]] = [
    .site: ["name": .party, "key_id": .keyID, "fingerprint": .digest],
    .drop: [
      "drop": .count, "kind": .word, "outcome": .word, "code": .optional(.word),
      "digest": .optional(.digest), "origin": .word, "released": .bool,
    ],
    .run: [
      "drop": .count, "job": .label, "version": .count, "snapshot": .digest, "manifest": .digest,
      "policy": .digest, "filter": .digest, "conditions": .list(.pair), "fields": .list(.text),
      "matched": .count, "sent": .count, "left_out": .counts, "stream": .label,
      "sequence": .optional(.sequence),
    ],
    .archive: [
      "stream": .label, "sequence": .sequence, "file": .text, "kind": .word, "digest": .digest,
      "previous": .optional(.digest), "bytes": .count, "records": .count, "job": .label,
      "created": .time, "fields": .list(.text), "recipients": .list(.recipient),
      "snapshot": .optional(.digest), "manifest": .optional(.digest),
      "policy": .optional(.digest), "key_id": .keyID,
    ],
    .receipt: [
      "stream": .label, "sequence": .sequence, "state": .word, "by": .party, "digest": .digest,
    ],
    .retired: ["stream": .label, "sequence": .sequence, "to": .word],
    .policyRun: [
      "drop": .count, "policy": .label, "digest": .digest, "snapshot": .digest, "matched": .count,
      "registrants": .count, "deleted": .count, "left_out": .counts,
      "certificate": .optional(.digest), "file": .optional(.text),
    ],
    .policy: ["digest": .digest, "previous": .optional(.digest)],
    .keys: [
      "change": .word, "name": .party, "key_id": .keyID, "fingerprint": .optional(.digest),
    ],
    .program: ["version": .text],
    .release: ["digest": .optional(.digest)], .retry: ["digest": .optional(.digest)],
    .reject: ["digest": .optional(.digest)], .thaw: ["registrants": .count],
  ]
}
