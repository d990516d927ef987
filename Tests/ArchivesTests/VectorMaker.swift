import Files
import Foundation
import Keys
import Secrets

@testable import Archives

/// Makes the files of `Tests/Vectors` anew for `scripts/make-vectors`. They differ each time, because
/// sealing is random; the classes do not.
struct VectorMaker {
  let post: Post
  let folder: URL
  let sound: [UInt8]
  /// The first byte behind the header's newline: the stream's header, 24 bytes, then the chunks.
  let stream: Int

  init(_ folder: URL) throws {
    self.folder = folder
    post = try Post(registry: VectorKeys.sender(), mts: VectorKeys.recipient())
    try post.publish()
    sound = try post.bytes()
    stream = (sound.dropFirst(19).firstIndex(of: 0x0A) ?? 0) + 1
    try save("ok-small")
  }

  func make() throws {
    try header()
    try lengths()
    try signatures()
    try payloads()
    try chunks()
  }

  private func save(_ name: String) throws {
    for (from, to) in [("", ".sealed"), (".minisig", ".sealed.minisig")] {
      let target = folder.appending(path: name + to)
      try? FileManager.default.removeItem(at: target)
      guard FileManager.default.fileExists(atPath: post.archive + from) else { continue }
      try FileManager.default.copyItem(at: URL(filePath: post.archive + from), to: target)
    }
  }

  private func forged(_ name: String, _ bytes: [UInt8], comment: String? = nil) throws {
    try post.forge(bytes, comment: comment)
    try save(name)
  }

  /// The archive with another header text, signed.
  private func header(_ name: String, _ old: String, _ new: String) throws {
    let text = String(decoding: sound[..<stream], as: UTF8.self)
    precondition(text.contains(old), "the header has no \(old)")
    let other = text.replacingOccurrences(of: old, with: new)
    try forged(name, Array(other.utf8) + sound[stream...])
  }

  private func header() throws {
    try header("header-magic", "airlock archive v1\n", "airlock-archive v1\n")
    try header("header-version", "archive v1\n", "archive v2\n")
    try header("header-space", "\"batches\":2", "\"batches\": 2")
    try header("header-unknown-key", "{\"airlock\"", "{\"aaa\":1,\"airlock\"")
    try header("header-duplicate-key", "\"batches\":2", "\"batches\":2,\"batches\":2")
    try header("header-escape", "\"job\":\"monthly\"", "\"job\":\"month\\u006cy\"")
    try header("header-first-with-previous", "\"sequence\":1", "\"sequence\":2")
    try header("header-two-headers", "\n{", "\n\n{")
    try header("type-unknown", "\"mts-request\"", "\"mts-reqvest\"")
    try header("payload-other-header", "\"records\":2", "\"records\":3")
  }

  private func lengths() throws {
    try forged("truncation-magic", Array(sound.prefix(10)))
    try forged("truncation-header", Array(sound.prefix(stream - 1)))
    try forged("truncation-stream", Array(sound.prefix(stream + 24)))
    try forged("truncation-tag", sound.dropLast())
    try forged("trailing_data-byte", sound + [0])
    try forged("trailing_data-archive", sound + sound)
  }

  private func signatures() throws {
    let comment = "airlock mts-request stream=mts seq=2"
    try forged("signature-comment", sound, comment: comment)
    try post.forge(sound)
    try post.replace(sound.enumerated().map { $0 == stream + 40 ? $1 ^ 1 : $1 })
    try save("signature-flipped-byte")
    try post.replace(sound)
    try FileManager.default.removeItem(atPath: post.archive + ".minisig")
    try save("signature-missing")
    try post.forge(sound, by: post.stranger)
    try save("signature-stranger")
  }

  private func payloads() throws {
    for index in [0, 24, sound.count - stream - 1] {
      var altered = sound
      altered[stream + index] ^= 0x01
      try forged("payload-byte-\(index)", altered)
    }
    for (what, files, wanted) in ForgedTests.contents where !what.contains("too long") {
      let name = what.replacing(" ", with: "-")
      try post.republish(post.spool(files))
      try save("\(wanted)-\(name)")
    }
    try post.republish(post.spool(), to: [post.audit.card])
    try save("no_matching_key-other-recipient")
    try post.republish(post.spool(bytes: []))
    try save("payload-empty")
  }

  private func chunks() throws {
    try post.republish(post.spool(bytes: pattern(2 * 65_536)))
    let bytes = try post.bytes()
    let start = (bytes.dropFirst(19).firstIndex(of: 0x0A) ?? 0) + 25
    let (first, second) = (bytes[start..<(start + 65_553)], Array(bytes[(start + 65_553)...]))
    try forged("payload-swapped-chunks", Array(bytes[..<start]) + second + first)
  }
}

/// The keys of the vectors, which are secret to nobody.
enum VectorKeys {
  static func sender() throws -> Identity { try identity("registry", 0x11, 0x22) }
  static func recipient() throws -> Identity { try identity("mts", 0x33, 0x44) }

  private static func identity(_ name: String, _ sealing: UInt8, _ signing: UInt8) throws
    -> Identity
  {
    Identity(
      name: try KeyName(name), sealing: try SealingSecretKey(secret(sealing)),
      signing: try SigningSecretKey(seed: secret(signing)))
  }

  private static func secret(_ byte: UInt8) throws -> SecretBytes {
    try SecretBytes(count: 32) { out in
      for index in out.indices { out[index] = byte }
    }
  }
}
