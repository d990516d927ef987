package import JSONText
package import Secrets

/// One key that counts no more.
package struct Revocation: Sendable, Hashable {
  package enum Reason: String, Sendable, CaseIterable {
    /// Somebody else may have it: nothing that it ever signed is believed.
    case compromised
    /// It is not used any more.
    case retired
    /// Another key has its place.
    case superseded
  }

  package let name: KeyName
  package let keyID: SigningKeyID
  /// Nil for one who can only sign.
  package let fingerprint: Fingerprint?
  package let reason: Reason
  /// What says that it was made before this still counts, unless the key is compromised.
  package let since: UTCTime

  package init(
    name: KeyName, keyID: SigningKeyID, fingerprint: Fingerprint?, reason: Reason, since: UTCTime
  ) {
    self.name = name
    self.keyID = keyID
    self.fingerprint = fingerprint
    self.reason = reason
    self.since = since
  }
}

extension Revocation {
  package var json: JSON {
    [
      "name": .string(name.text), "key_id": .string(keyID.hex),
      "fingerprint": fingerprint.map { .string($0.text) } ?? .null,
      "reason": .string(reason.rawValue), "since": .string(since.text),
    ]
  }

  init(_ cursor: JSONCursor) throws {
    var members = try cursor.object()
    name = try KeyName(members.required("name").string())
    let id = try members.required("key_id")
    let print = try members.required("fingerprint")
    let reason = try members.required("reason")
    since = try CardTerms.time(members.required("since"))
    try members.finish()
    guard let keyID = SigningKeyID(hex: try id.string()) else {
      throw id.fault("wrong_key_id", "this must be the id of a key")
    }
    guard let known = Reason(rawValue: try reason.string()) else {
      throw reason.fault("reason_unknown", "this is no reason to revoke a key")
    }
    (self.keyID, self.reason) = (keyID, known)
    if case .null = print.node.json {
      fingerprint = nil
    } else {
      fingerprint = try CardTerms.fingerprint(print)
    }
  }
}
