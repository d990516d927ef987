internal import JSONText
package import Secrets

/// What proves that a salted digest is that of a file: the salt. It says nothing to who lacks the file,
/// but lets who has it test guesses at that one digest: it goes to the auditor, and to nobody else.
package struct DigestProof: Sendable, Hashable {
  package let word: SaltedDigest.Word
  package let salt: DigestSalt
  package let shown: SaltedDigest

  package init(word: SaltedDigest.Word, salt: DigestSalt, shown: SaltedDigest) {
    (self.word, self.salt, self.shown) = (word, salt, shown)
  }

  /// - Parameter digest: of the file, or of the filter in it, as `word` says.
  package func holds(for digest: Digest) -> Bool {
    SaltedDigest(digest, word, salt: salt) == shown
  }
}

extension DigestProof {
  /// A document of proofs, as people carry it.
  package static func text(of proofs: [DigestProof]) -> String {
    let document: JSON = [
      "airlock": "proof", "version": 1, "proofs": .array(proofs.map(\.json)),
    ]
    return document.pretty()
  }

  private var json: JSON {
    [
      "word": .string(word.rawValue), "salt": .string(salt.hex), "shown": .string(shown.hex),
    ]
  }

  /// Bytes of the largest document of proofs.
  package static let maxBytes: Int64 = 1 << 20

  /// Reads one.
  /// - Throws: `JSONFault`, `DocumentFault`.
  package static func read(_ text: [UInt8]) throws -> [DigestProof] {
    let limits = JSONLimits(bytes: Int(maxBytes), depth: 4)
    let root = try JSONCursor(JSONDocument(parsing: text, limits: limits))
    var members = try root.object()
    let (kind, version) = (try members.required("airlock"), try members.required("version"))
    guard try kind.string() == "proof", try version.integer(in: 1...1) == 1 else {
      throw kind.fault("wrong_kind", "this is not \"airlock\": \"proof\"")
    }
    let proofs = try members.required("proofs").array().map(DigestProof.init)
    try members.finish()
    return proofs
  }

  private init(_ cursor: JSONCursor) throws {
    var members = try cursor.object()
    let word = SaltedDigest.Word(rawValue: try members.required("word").string())
    let salt = DigestSalt(hex: try members.required("salt").string())
    let shown = SaltedDigest(hex: try members.required("shown").string())
    try members.finish()
    guard let word, let salt, let shown else {
      throw cursor.fault("malformed", "this has not the form that it must have")
    }
    self.init(word: word, salt: salt, shown: shown)
  }
}
