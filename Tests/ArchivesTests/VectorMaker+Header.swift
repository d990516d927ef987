import Foundation
import JSONText
import Keys
import Secrets

@testable import Archives

/// Defects of the header, signed by the sender as they are, and of the file's length.
extension VectorMaker {
  /// The archive `bytes` with another text before its stream.
  private func header(
    _ name: String, _ rule: String, step: Int = 3, _ old: String, _ new: String,
    of bytes: [UInt8]? = nil
  ) throws {
    let bytes = bytes ?? sound
    let end = VectorMaker.end(bytes)
    let text = String(decoding: bytes[..<end], as: UTF8.self)
    precondition(text.contains(old), "the header has no \(old)")
    let other = text.replacingOccurrences(of: old, with: new)
    try forged(name, rule, step: step, Array(other.utf8) + bytes[end...])
  }

  func headers() throws {
    try header("header-magic", "1.1", step: 1, "airlock archive v1\n", "airlock-archive v1\n")
    try header("header-version", "1.1", step: 1, "archive v1\n", "archive v2\n")
    try header(
      "header-too-long", "2.1", step: 2, "\"job\":\"monthly\"",
      "\"job\":\"\(String(repeating: "m", count: 65_536))\"")
    try header("header-space", "2.2", "\"batches\":2", "\"batches\": 2")
    try header("header-escape", "2.2", "\"job\":\"monthly\"", "\"job\":\"month\\u006cy\"")
    try header(
      "header-unsorted", "2.2", "{\"airlock\":\"archive\",\"batches\":2",
      "{\"batches\":2,\"airlock\":\"archive\"")
    try header("header-fraction", "2.2", "\"batches\":2", "\"batches\":2.0")
    try header("header-minus-0", "2.2", "\"batches\":2", "\"batches\":-0")
    try header("header-two-headers", "2.2", "\n{", "\n\n{")
    try header("header-unknown-key", "2.3", "{\"airlock\"", "{\"aaa\":1,\"airlock\"")
    try header("header-missing-key", "2.3", "\"batches\":2,", "")
    try header("header-no-next-key", "2.3", "\"next_key\":null,", "")
    try header("header-duplicate-key", "2.3", "\"batches\":2", "\"batches\":2,\"batches\":2")
    try header("header-of-a-card", "2.4", "\"airlock\":\"archive\"", "\"airlock\":\"card\"")
    try header("header-document-version", "2.4", "\"version\":1", "\"version\":2")
    try header("header-sequence-0", "2.4", "\"sequence\":1", "\"sequence\":0")
    try header(
      "header-payload-2-63", "2.4", "\"payload_bytes\":", "\"payload_bytes\":9223372036854775808")
    try header(
      "header-payload-too-large", "2.4", "\"payload_bytes\":", "\"payload_bytes\":999999999999")
    try header("header-no-day", "2.4", "2025-03-01", "2025-02-30")
    try header("header-leap-second", "2.4", "T12:00:00Z", "T12:00:60Z")
    try header("header-terminal-codes", "2.4", "\"stream\":\"mts\"", "\"stream\":\"m\\u001b[31m\"")
    try header("header-stream-leads-out", "2.4", "\"stream\":\"mts\"", "\"stream\":\"../mts\"")
    try header("header-party", "2.4", "\"name\":\"registry\"", "\"name\":\"Registry\"")
    try header("header-field-name", "2.4", "\"given_name\"", "\"given name\"")
    try header("header-digest-upper-case", "2.4", "\"policy\":\"ee", "\"policy\":\"EE")
    try header("type-unknown", "2.5", "\"mts-request\"", "\"mts-reqvest\"")
    try header("type-receipt", "2.5", "\"mts-request\"", "\"receipt\"")
    try header("payload-other-header", "4.2", step: 9, "\"records\":2", "\"records\":3")
    try header("header-before-length", "7.1", "}\n", "} \n")
  }

  func membersTogether() throws {
    try header("header-field-twice", "2.6", "\"given_name\"", "\"birthdate\"")
    let own = try ArchiveHeader(parsing: Array(sound[19..<(stream - 1)])).recipients[0]
    for (count, rule) in [(0, "2.4"), (2, "2.6"), (65, "2.4")] {
      let other = try Forge(post).header(payload: 1, to: Array(repeating: own, count: count))
      try forged(
        "header-\(count)-recipients", rule, step: 3, other.preamble() + sound[stream...])
    }
    let key = Base64.encode(own.sealedKey)
    for (name, other) in [
      ("short", Base64.encode(Array(own.sealedKey.dropLast()))),
      ("long", Base64.encode(own.sealedKey + [0])),
      ("loose-bits", key.replacingOccurrences(of: "=", with: "").dropLast() + "B="),
    ] { try header("header-key-\(name)", "2.4", key, String(other)) }
    try header(
      "header-first-with-previous", "2.7", "\"previous\":null",
      "\"previous\":\"\(Digest(of: []).hex)\"")
    try header("header-second-without-previous", "2.7", "\"sequence\":1", "\"sequence\":2")
    try header(
      "header-no-policy", "2.8", "\"policy\":\"\(Digest(of: [1]).hex)\"", "\"policy\":null")
    try nextKeys()
    try republish(post.spool(Content.files(.job)), Content.draft(post, .job))
    try header(
      "header-drop-with-records", "2.10", "\"records\":0", "\"records\":1", of: post.bytes())
    try republish(post.spool(Content.files(.registryPatch)), Content.draft(post, .registryPatch))
    try header(
      "header-patch-with-batches", "2.11", "\"batches\":0", "\"batches\":1", of: post.bytes())
  }

  private func nextKeys() throws {
    try republish(post.spool(), post.draft { $0.nextKey = try VectorMaker.next() })
    let (bytes, next) = (try post.bytes(), try VectorMaker.next())
    let inForce = post.registry.card
    let rows: [(String, [UInt8], [UInt8])] = [
      ("low-order", [UInt8](repeating: 0, count: 32), next.signing.bytes),
      ("not-canonical", [0xF6] + [UInt8](repeating: 0xFF, count: 30) + [0x7F], next.signing.bytes),
      ("small-order-signing", next.sealing.bytes, [1] + [UInt8](repeating: 0, count: 31)),
      ("in-force", next.sealing.bytes, inForce.signing.bytes),
    ]
    for (name, sealing, signing) in rows {
      var text = String(decoding: bytes[..<VectorMaker.end(bytes)], as: UTF8.self)
      for (old, new) in [
        (Base64.encode(next.sealing.bytes), Base64.encode(sealing)),
        (Base64.encode(next.signing.bytes), Base64.encode(signing)),
        (next.fingerprint.digest.hex, Digest(of: sealing + signing).hex),
      ] { text = text.replacingOccurrences(of: old, with: new) }
      try forged(
        "header-next-key-\(name)", "2.9", step: 3,
        Array(text.utf8) + bytes[VectorMaker.end(bytes)...])
    }
    let other = inForce.fingerprint.digest.hex
    try header("header-next-key-fingerprint", "2.9", next.fingerprint.digest.hex, other, of: bytes)
  }

  func lengths() throws {
    try forged("truncation-magic", "1.1", step: 1, Array(sound.prefix(10)))
    try forged("truncation-header", "2.1", step: 2, Array(sound.prefix(stream - 1)))
    try forged("truncation-stream", "1.2", step: 4, Array(sound.prefix(stream + 24)))
    try forged("truncation-tag", "1.2", step: 4, sound.dropLast())
    try forged("trailing_data-byte", "1.2", step: 4, sound + [0])
    try forged("trailing_data-archive", "1.2", step: 4, sound + sound)
    try post.forge(sound, by: post.stranger)
    try post.replace(sound.dropLast())
    try save("truncation-before-signature", "7.1", step: 4)
  }
}
