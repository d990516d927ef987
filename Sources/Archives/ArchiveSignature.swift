internal import Secrets

/// An archive's signature whose comment is the sender's own, and names the header that the archive has.
/// Of the file behind the header nothing is known until `check`.
struct ArchiveSignature {
  private let signature: MinisignSignature
  private let key: SigningPublicKey

  /// Checks all that needs no byte of the payload.
  /// - Throws: `signature`.
  init(
    _ text: [UInt8], of header: ArchiveHeader, preamble: [UInt8], by key: SigningPublicKey
  ) throws(ArchiveFault) {
    do throws(SecretsFault) {
      signature = try MinisignSignature(parsing: text)
      try signature.verifyComment(by: key)
    } catch { throw ArchiveSignature.refused(error) }
    self.key = key
    let wanted = TrustedComment.text(header, preamble: preamble)
    guard signature.trustedComment == wanted else {
      throw ArchiveFault(
        .signature, "comment_differs", "the signature's comment is not that of this archive",
        hint: ArchiveSignature.remedy)
    }
  }

  /// Checks that it is of this file.
  /// - Throws: `signature`.
  func check(_ archive: HashedArchive) throws(ArchiveFault) {
    do throws(SecretsFault) { try signature.verify(archive.prehash, by: key) } catch {
      throw ArchiveSignature.refused(error)
    }
  }

  private static let remedy =
    "copy the archive and its .minisig again; if it comes back, tell the sender, and do not use it"

  private static func refused(_ fault: SecretsFault) -> ArchiveFault {
    ArchiveFault(.signature, fault.code, fault.message, hint: fault.hint ?? remedy)
  }
}
