import Foundation
import Keys
import Secrets

@testable import Archives

/// Defects of the signature, of the keys, and of the place in the stream.
extension VectorMaker {
  private var minisig: URL { URL(filePath: post.archive + ".minisig") }

  /// The sound archive with its signature's lines edited.
  private func signature(
    _ name: String, _ rule: String, _ edit: (inout [String]) -> Void
  ) throws {
    try post.forge(sound)
    var lines = try String(contentsOf: minisig, encoding: .utf8).components(separatedBy: "\n")
    edit(&lines)
    try Data(lines.joined(separator: "\n").utf8).write(to: minisig)
    try save("signature-\(name)", rule, step: 6)
  }

  /// The packet of a line, edited.
  private static func packet(_ line: String, _ edit: (inout [UInt8]) -> Void) -> String {
    var bytes = Base64.decode(line) ?? []
    edit(&bytes)
    return Base64.encode(bytes)
  }

  func signatures() throws {
    try signature("crlf", "6.1") { $0 = $0.map { $0.isEmpty ? $0 : $0 + "\r" } }
    try signature("fifth-line", "6.1") { $0.append("") }
    try signature("no-newline", "6.1") { $0.removeLast() }
    try signature("other-first-word", "6.1") { $0[0] = "comment: x" }
    try signature("too-long", "6.1") { $0[0] += String(repeating: "x", count: 13_000) }
    try signature("not-prehashed", "6.1") {
      $0[1] = Self.packet($0[1]) { $0[1] = UInt8(ascii: "d") }
    }
    try signature("loose-bits", "6.1") { $0[1] = $0[1].dropLast(2) + "h=" }
    try signature("key-id", "6.2") { $0[1] = Self.packet($0[1]) { $0[2] ^= 1 } }
    try signature("malleated", "6.2") { $0[1] = Self.packet($0[1], Self.addOrder) }
    try signature("malleated-comment", "6.2") { $0[3] = Self.packet($0[3], Self.addOrder) }
    try signature("flipped-comment", "6.2") { $0[3] = Self.packet($0[3]) { $0[9] ^= 1 } }
    try signature("other-comment", "6.2") { $0[2] = $0[2].replacing("seq=1", with: "seq=2") }
    try post.forge(sound)
    try post.replace(sound.enumerated().map { $0 == stream + 40 ? $1 ^ 1 : $1 })
    try save("signature-flipped-byte", "6.2", step: 6)
    try forged("signature-stranger", "6.2", step: 6, sound, by: post.stranger)
    let comment = "airlock mts-request stream=mts seq=2"
    try forged("signature-comment", "6.3", step: 6, sound, comment: comment)
    try forged(
      "signature-of-a-document", "6.3", step: 6, sound, comment: "airlock receipt sender=registry")
    try senders()
    try post.replace(sound)
    try FileManager.default.removeItem(at: minisig)
    try save("signature-missing", "6.1", step: 6)
  }

  /// The order of the group, 2^252 + 27742317777372353535851937790883648493, added to the number in
  /// the last 32 bytes: RFC 8032 section 5.1.7 demands that it be below.
  static func addOrder(_ signature: inout [UInt8]) {
    let order: [UInt8] = [
      0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE,
      0x14,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ]
    var carry = 0
    for (index, byte) in order.enumerated() {
      let place = signature.count - 32 + index
      carry += Int(signature[place]) + Int(byte)
      signature[place] = UInt8(truncatingIfNeeded: carry)
      carry >>= 8
    }
  }

  /// Headers that name another sender than the one who signed.
  private func senders() throws {
    for (name, old, new) in [
      ("other-sender", "\"name\":\"registry\"", "\"name\":\"ministry\""),
      ("other-key", post.registry.card.keyID.hex, post.stranger.card.keyID.hex),
    ] {
      let text = String(decoding: sound[..<stream], as: UTF8.self)
        .replacingOccurrences(of: old, with: new)
      try post.forge(Array(text.utf8) + sound[stream...])
      try save("signature-\(name)", "7.2", step: 5)
    }
  }

  func keys() throws {
    let auditor = try VectorKeys.auditor().card
    try republish(post.spool(), to: [auditor])
    try save("no_matching_key-other-recipient", "3.1", step: 8)
    try post.forge(post.bytes(), by: post.stranger)
    try save("signature-before-key", "7.1", step: 6)
    let forge = try Forge(post)
    let crossed = try [
      forge.recipient(auditor, sealedTo: post.mts.card),
      forge.recipient(post.mts.card, sealedTo: auditor),
    ]
    let header = try forge.header(payload: 1, to: crossed)
    try forged(
      "no_matching_key-crossed", "3.1", step: 8, forge.archive(header, [[0]], final: 0))
  }

  func orders() throws {
    let first = StreamPosition(sequence: 1, digest: Digest(of: sound))
    let other = StreamPosition(sequence: 1, digest: Digest(of: [2]))
    try post.forge(sound)
    try save("ok-first-of-its-stream", "8.1", after: .some(nil))
    try save("replay-again", "8.1", step: 7, after: first)
    try save(
      "replay-older", "8.1", step: 7, after: StreamPosition(sequence: 7, digest: other.digest))
    try second(2, after: first.digest)
    try save("ok-next-of-its-stream", "8.2", after: first)
    try save("replay-fork", "8.2", step: 7, after: other)
    try save("replay-first-is-missing", "8.1", step: 7, after: .some(nil))
    try second(3, after: first.digest)
    try save("replay-gap", "8.1", step: 7, after: first)
    try second(3, after: first.digest, to: [VectorKeys.auditor().card])
    try save("replay-before-key", "7.1", step: 7, after: first)
  }

  private func second(_ sequence: Int64, after digest: Digest, to cards: [Card]? = nil) throws {
    let draft = try post.draft { ($0.sequence, $0.previous) = (sequence, digest) }
    try republish(post.spool(), draft, to: cards)
  }
}
