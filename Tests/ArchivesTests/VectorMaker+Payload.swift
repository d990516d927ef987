import Foundation
import Keys
import Secrets

@testable import Archives

/// Defects of what is inside, signed by the sender.
extension VectorMaker {
  func chunks() throws {
    for index in [0, 24, sound.count - stream - 1] {
      var altered = sound
      altered[stream + index] ^= 0x01
      try forged("payload-byte-\(index)", "4.1", step: 9, altered)
    }
    let forge = try Forge(post)
    let plain = try Self.payload(of: 2 * 65_536)
    let (full, next) = (Array(plain[..<65_536]), Array(plain[65_536...]))
    let two = try forge.header(payload: 2 * 65_536)
    try forged(
      "truncation-no-final", "4.3", step: 9, forge.archive(two, [full, next], final: 2))
    let noise = [UInt8](repeating: 7, count: 65_553)
    try forged(
      "trailing_data-final-early", "4.3", step: 9,
      forge.archive(two, [full], final: 0, rest: noise))
    let one = try forge.header(payload: 65_536)
    try forged(
      "trailing_data-empty-last-chunk", "1.2", step: 4,
      forge.archive(one, [full, []], final: 1))
    try forged(
      "trailing_data-chunk", "1.2", step: 4, forge.archive(one, [full], final: 0, rest: noise))
    try forged(
      "truncation-at-a-chunk", "1.2", step: 4,
      forge.archive(two, [full, next], final: 1).dropLast(65_553))
    let bytes = try forge.archive(two, [full, next], final: 1)
    let start = VectorMaker.end(bytes) + 24
    let swapped = bytes[..<start] + bytes[(start + 65_553)...] + bytes[start..<(start + 65_553)]
    try forged("payload-swapped-chunks", "4.1", step: 9, Array(swapped))
  }

  private func payload(_ name: String, _ rule: String, _ bytes: [UInt8]) throws {
    try republish(post.spool(bytes: bytes))
    try save("payload-\(name)", rule, step: 11)
  }

  func payloads() throws {
    let files = RawPayload.files(Post.files)
    let packed = try RawPayload.zstd(RawPayload.tar(files))
    try payload("empty", "5.4", [])
    try payload("one-byte", "5.4", [0x28])
    try payload("not-packed", "5.4", RawPayload.tar(files))
    try payload("gzip", "5.4", [0x1F, 0x8B, 8, 0] + packed)
    try payload("zip", "5.4", Array("PK\u{3}\u{4}".utf8) + packed)
    try payload("frame-cut", "5.4", packed.dropLast())
    try payload("byte-behind-frame", "5.4", packed + [0])
    for (name, type) in [("link", "2"), ("folder", "5")] as [(String, Character)] {
      let extra = RawPayload.Entry(name: "requests/000003.json", type: type)
      try payload(name, "5.1", RawPayload.zstd(RawPayload.tar(files + [extra])))
    }
    let manifestLink = [RawPayload.Entry(name: "manifest.json", type: "2")] + files.dropFirst()
    try payload("manifest-is-a-link", "5.1", RawPayload.zstd(RawPayload.tar(manifestLink)))
    for count in [0, 1, 3, 20] {
      try payload(
        "\(count)-zero-blocks", "5.3", RawPayload.zstd(RawPayload.tar(files, zeroBlocks: count)))
    }
    try payload("second-tar", "5.3", packed + packed)
    let bomb = files.map {
      $0.name.hasPrefix("rej")
        ? RawPayload.Entry(name: $0.name, text: String(repeating: "0", count: 80 << 20)) : $0
    }
    try payload("bomb", "5.5", RawPayload.zstd(RawPayload.tar(bomb)))
  }

  func contents() throws {
    for (what, files, wanted, rule) in ForgedTests.contents where !what.contains("too long") {
      try republish(post.spool(files))
      try save("\(wanted)-\(what.replacing(" ", with: "-"))", rule, step: 11)
    }
    for (kind, what, rule, edit) in Content.defects {
      try republish(post.spool(edit(Content.files(kind))), Content.draft(post, kind))
      try save("payload-\(kind.rawValue)-\(what)", rule, step: 11)
    }
  }
}

extension Content {
  typealias Files = [(String, String)]
  typealias Edit = @Sendable (Files) -> Files

  /// What is wrong with the files of a kind.
  static let defects: [(ArchiveKind, String, String, Edit)] = [
    (
      .mtsResults, "answers-nothing", "5.10",
      { [("manifest.json", #"{"airlock":"mts-results"}"#)] + $0.dropFirst() }
    ),
    (
      .mtsResults, "answers-more", "5.10",
      {
        [("manifest.json", $0[0].1.replacing(#""sequence":4"#, with: #""job":"x","sequence":4"#))]
          + $0.dropFirst()
      }
    ),
    (
      .mtsResults, "answers-number-0", "5.10",
      {
        [("manifest.json", $0[0].1.replacing(#""sequence":4"#, with: #""sequence":0"#))]
          + $0.dropFirst()
      }
    ),
    (.mtsResults, "one-number-twice", "5.9", { $0.dropLast() + [("results/000001.csv", "")] }),
    (.mtsResults, "of-requests", "5.2", { $0.dropLast() + [("requests/000002.json", "")] }),
    (.mtsResults, "rejects", "5.2", { $0 + [("rejects.ndjson", "")] }),
    (.registryPatch, "no-operations", "5.11", { [$0[0], $0[2]] }),
    (.registryPatch, "no-ids", "5.11", { [$0[0], $0[1]] }),
    (.registryPatch, "a-batch", "5.2", { $0 + [("results/000001.json", "")] }),
    (.job, "other-file", "5.12", { [$0[0], ("drop/other.json", "[]")] }),
    (.job, "two-files", "5.2", { $0 + [("drop/other.json", "[]")] }),
    (.job, "no-file", "5.12", { [$0[0]] }),
    (.job, "device", "5.2", { [$0[0], ("drop/CON.json", "[]")] }),
    (
      .job, "no-salt", "5.13",
      { [("manifest.json", $0[0].1.replacing(#""salt":"#, with: #""salted":"#)), $0[1]] }
    ),
    (
      .job, "other-salt", "5.13",
      {
        [
          ("manifest.json", $0[0].1.replacing(Content.salt, with: String(Content.salt.reversed()))),
          $0[1],
        ]
      }
    ),
    (.snapshot, "other-bytes", "5.13", { [$0[0], ("drop/canary.json", "{}")] }),
  ]
}
