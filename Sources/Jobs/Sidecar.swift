import Files
import JSONText
import Keys
import Policies
import Secrets
import Store

/// What lies beside a drop and speaks of its bytes: `NAME.sha256`, as `sha256sum` writes it, and
/// `NAME.minisig`, as the stock `minisign` does. What is there must be right.
package struct Sidecar {
  package static let sum = ".sha256"
  package static let signature = ".minisig"
  package static let endings = [sum, signature]

  private let drop: Drop
  private let site: Site
  private let now: UTCTime

  /// - Parameter now: keys must be valid then.
  init(_ drop: Drop, _ site: Site, at now: UTCTime) {
    self.drop = drop
    self.site = site
    self.now = now
  }

  /// Holds the claimed drop against both.
  /// - Parameters:
  ///   - kind: what the drop is.
  ///   - limit: bytes of the drop.
  /// - Returns: the digest of the bytes that were checked, so that the reader can tell that it read
  ///   the same, and who signed them; nil if there was nothing to check by.
  /// - Throws: `TrustFault`; `sha256_differs`, `sha256_unreadable`; `FileFault`.
  func check(_ kind: DropTrust.Kind, _ trust: DropTrust, limit: Int64) throws -> Vouched? {
    let promised = try promisedSum()
    let signature = try signature()
    guard signature != nil || !trust[kind].isRequired else { throw TrustFault.unsigned(kind) }
    var signer: Signer?
    if let signature { signer = try self.signer(signature, kind, trust) }
    guard promised != nil || signature != nil else { return nil }
    let hashes = try ClaimHashes(drop.claim, in: site.claimed, limit: limit)
    try hashes.requireSum(promised)
    guard let signature, let signer else { return Vouched(digest: hashes.digest, order: nil) }
    try TrustFault.translating { try hashes.require(signature, signer) }
    return Vouched(
      digest: hashes.digest, order: SignedOrder(signer: signer.name.text, signature))
  }

  /// The same for what carries its own signature: the sum alone.
  func checkSum(limit: Int64) throws {
    guard let promised = try promisedSum() else { return }
    try ClaimHashes(drop.claim, in: site.claimed, limit: limit).requireSum(promised)
  }

  /// Whether there is a signature at all.
  func isSigned() throws -> Bool { try site.claimed.exists(name(Sidecar.signature)) }

  private func name(_ ending: String) throws -> EntryName {
    try EntryName(drop.claim).appending(ending)
  }

  private func signer(
    _ signature: MinisignSignature, _ kind: DropTrust.Kind, _ trust: DropTrust
  ) throws -> Signer {
    let keyring = try site.keyring()
    guard let signer = try keyring.signer(signature.keyID) else {
      throw TrustFault.unknownSigner(signature.keyID)
    }
    guard trust[kind].signers.contains(signer.name.text) else {
      throw TrustFault.notTrusted(signer.name, kind)
    }
    try keyring.check(signer, for: kind.usage, at: now)
    return signer
  }

  private func signature() throws -> MinisignSignature? {
    guard try isSigned() else { return nil }
    return try TrustFault.translating {
      let rules = OpenRules.drop(limit: Int64(Minisign.maxBytes))
      let file = try OpenFile(name(Sidecar.signature), in: site.claimed, rules: rules)
      return try MinisignSignature(parsing: file.readAll())
    }
  }

  /// The first 64 characters, if they are hexadecimal and stand alone.
  private func promisedSum() throws -> String? {
    let name = try name(Sidecar.sum)
    guard try site.claimed.exists(name) else { return nil }
    let text = try OpenFile(name, in: site.claimed, rules: .drop(limit: 4096)).readAll()
    let word = text.prefix { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    let hex = String(decoding: word, as: UTF8.self).lowercased()
    guard hex.utf8.count == 64, hex.utf8.allSatisfy({ isHexDigit($0) }) else {
      throw JobFault(
        code: "sha256_unreadable", message: "the .sha256 file does not begin with a SHA-256 in hex",
        hint: "make it with: sha256sum FILE > FILE.sha256")
    }
    return hex
  }

  private func isHexDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }
}

/// The three hashes of a claimed file, from one reading.
private struct ClaimHashes {
  let digest: Digest
  private let sum: String
  private let prehash: Prehash

  init(_ claim: String, in folder: Folder, limit: Int64) throws {
    let file = try OpenFile(EntryName(claim), in: folder, rules: .drop(limit: limit))
    let (sha256, blake2b, whole) = (SHA256Stream(), DigestStream(), PrehashStream())
    try file.forEachPiece { piece in
      sha256.update(piece)
      blake2b.update(piece)
      whole.update(piece)
    }
    try file.requireUnchanged()
    (sum, digest, prehash) = (sha256.finish(), blake2b.finish(), whole.finish())
  }

  func requireSum(_ promised: String?) throws {
    guard let promised, promised != sum else { return }
    throw JobFault(
      code: "sha256_differs", message: "the file is not the one that its .sha256 file describes",
      hint: "upload both again; the file may have been cut or replaced on the way")
  }

  func require(_ signature: MinisignSignature, _ signer: Signer) throws {
    try signature.verify(prehash, by: signer.key)
  }
}
