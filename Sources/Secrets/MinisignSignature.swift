/// A detached minisign signature: over a file's prehash, with a comment that is signed too.
package struct MinisignSignature: Sendable, Hashable {
  package let keyID: SigningKeyID
  /// To be believed only after `verify`.
  package let trustedComment: String
  private let signature: [UInt8]
  private let globalSignature: [UInt8]

  /// The longest trusted comment, in bytes; the stock tool takes 8,192.
  package static let maxComment = 4096

  private static let algorithm = Array("ED".utf8)
}

extension MinisignSignature {
  /// Signs a file by its prehash. Ed25519 is deterministic: the same file and comment give the same
  /// signature.
  /// - Throws: `unsafe_comment` unless the comment is printable and of at most `maxComment` bytes.
  package init(
    of file: Prehash, by key: SigningSecretKey, trustedComment: String
  ) throws(SecretsFault) {
    guard Minisign.isSafe(trustedComment),
      trustedComment.utf8.count <= MinisignSignature.maxComment
    else { throw SecretsFault(.unsafeComment, "the comment of a signature is not printable") }
    keyID = key.publicKey.id
    self.trustedComment = trustedComment
    signature = key.sign(file.bytes)
    globalSignature = key.sign(signature + trustedComment.utf8)
  }

  /// Reads a `.minisig` file.
  /// - Throws: `signature_format`.
  package init(parsing text: [UInt8]) throws(SecretsFault) {
    let lines = try Minisign.lines(text, count: 4)
    _ = try Minisign.comment(lines[0], after: Minisign.untrusted)
    let packet = try Minisign.base64(lines[1], count: 2 + SigningKeyID.count + 64)
    guard packet.starts(with: MinisignSignature.algorithm),
      let id = SigningKeyID(bytes: Array(packet[2..<10]))
    else { throw Minisign.format("only prehashed signatures are accepted (`minisign -S -H`)") }
    keyID = id
    signature = Array(packet[10...])
    trustedComment = try Minisign.comment(lines[2], after: Minisign.trusted)
    globalSignature = try Minisign.base64(lines[3], count: 64)
  }

  /// The text of a `.minisig` file.
  package var text: String {
    """
    \(Minisign.untrusted)signature by minisign key \(keyID.hex)
    \(Base64.encode(MinisignSignature.algorithm + keyID.bytes + signature))
    \(Minisign.trusted)\(trustedComment)
    \(Base64.encode(globalSignature))

    """
  }

  /// Checks the key's id, the signature over the file, and the one over the comment.
  /// - Throws: `other_signer`, `signature_refused`, `comment_refused`.
  package func verify(_ file: Prehash, by key: SigningPublicKey) throws(SecretsFault) {
    try requireSigner(key)
    guard key.accepts(signature, over: file.bytes) else {
      throw SecretsFault(.signatureRefused, "the signature is not that of key \(key.id)")
    }
    try verifyComment(by: key)
  }

  private func requireSigner(_ key: SigningPublicKey) throws(SecretsFault) {
    guard keyID == key.id else {
      throw SecretsFault(.otherSigner, "signed with key \(keyID), not with key \(key.id)")
    }
  }

  /// Checks the key's id and the signature over the comment: that `trustedComment` can be believed, if
  /// not yet of which file.
  /// - Throws: `other_signer`, `comment_refused`.
  package func verifyComment(by key: SigningPublicKey) throws(SecretsFault) {
    try requireSigner(key)
    guard key.accepts(globalSignature, over: signature + trustedComment.utf8) else {
      throw SecretsFault(.commentRefused, "the signature's comment is not that of key \(key.id)")
    }
  }
}
