import Files
import Secrets
import Store

/// `NAME.sha256` beside a drop, as `sha256sum` writes it: if it is there, it must match.
struct Sidecar {
  package static let ending = ".sha256"

  private let drop: Drop
  private let site: Site

  init(_ drop: Drop, _ site: Site) {
    self.drop = drop
    self.site = site
  }

  /// Compares the claimed drop with its sidecar.
  /// - Returns: the BLAKE2b-256 of the bytes that were compared, so that the reader can tell that it
  ///   read the same; nil if there is no sidecar.
  func check(limit: Int64) throws -> Digest? {
    let claim = try EntryName(drop.claim)
    let sidecar = try claim.appending(Sidecar.ending)
    guard try site.claimed.exists(sidecar) else { return nil }
    let wanted = try promised(sidecar)
    let file = try OpenFile(claim, in: site.claimed, rules: .drop(limit: limit))
    let (sha256, blake2b) = (SHA256Stream(), DigestStream())
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
      guard count > 0 else { break }
      buffer.withUnsafeBytes { bytes in
        let piece = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        sha256.update(piece)
        blake2b.update(piece)
      }
    }
    try file.requireUnchanged()
    guard sha256.finish() == wanted else {
      throw JobFault(
        code: "sha256_differs", message: "the file is not the one that its .sha256 file describes",
        hint: "upload both again; the file may have been cut or replaced on the way")
    }
    return blake2b.finish()
  }

  /// The first 64 characters, if they are hexadecimal and stand alone.
  private func promised(_ name: EntryName) throws -> String {
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
