import Foundation
import JSONText
import Keys
import Secrets
import Tarballs

@testable import Archives

/// Archives that every reader must open.
extension VectorMaker {
  func good() throws {
    for (name, count) in [("chunk-less-1", 65_535), ("chunk", 65_536), ("chunk-and-1", 65_537)] {
      try republish(post.spool(bytes: Self.payload(of: count)))
      try save("ok-\(name)", "1.2")
    }
    try republish(post.spool(bytes: Self.payload(of: 2 * 65_536 + 1)))
    try save("ok-3-chunks", "4.1")
    try republish(post.spool(), to: [VectorKeys.auditor().card, post.mts.card])
    try save("ok-several-recipients", "3.1")
    try republish(post.spool(), post.draft { $0.nextKey = try VectorMaker.next() })
    try save("ok-next-key", "2.9")
    let files = RawPayload.tar(RawPayload.files(Post.files))
    let frames = try RawPayload.zstd(Array(files[..<700])) + RawPayload.zstd(Array(files[700...]))
    try republish(post.spool(bytes: frames))
    try save("ok-two-frames", "5.4")
    for kind in ArchiveKind.allCases where kind != .mtsRequest {
      try republish(post.spool(Content.files(kind)), Content.draft(post, kind))
      try save("ok-\(kind.rawValue)", kind.isDrop ? "5.12" : "5.9")
    }
    try republish(
      post.spool([
        Content.files(.mtsResults)[0], ("results/000001.csv", "id\n"),
        ("results/000002.json", "{}"),
      ]),
      Content.draft(post, .mtsResults))
    try save("ok-mts-results-csv", "5.9")
  }

  static func next() throws -> NextKey {
    guard let from = UTCTime(text: "2025-06-01T00:00:00Z") else { throw Missing() }
    return NextKey(try VectorKeys.auditor().card, from: from)
  }

  /// A sound payload of exactly so many bytes: noise cannot be packed, so its length counts, by blocks
  /// of the tar; hex digits pack to half their length.
  static func payload(of count: Int) throws -> [UInt8] {
    var random = SplitMix(seed: 7)
    let noise = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for blocks in (0...(count / 512)).reversed() {
      let base = try packed(noise.prefix(blocks * 512), digits: 0)
      guard base.count <= count else { continue }
      for digits in 0..<2_000 {
        let payload = try packed(noise.prefix(blocks * 512), digits: digits)
        if payload.count == count { return payload }
      }
    }
    throw Missing()
  }

  private static func packed(_ noise: ArraySlice<UInt8>, digits: Int) throws -> [UInt8] {
    var (packed, random) = ([UInt8](), SplitMix(seed: 8))
    let text = (0..<digits).map { _ in String(random.next() & 0xF, radix: 16) }.joined()
    let tar = try TarZstdWriter { packed += $0 }
    for (name, content) in Post.files where !name.hasPrefix("rejects") {
      let isManifest = name == "manifest.json"
      let content = isManifest ? content.dropLast() + #","noise":"\#(text)"}"# : content
      try tar.add(name, Array(content.utf8))
    }
    try tar.add("rejects.ndjson", Array(noise))
    try tar.finish()
    return packed
  }
}

/// What the kinds of archive hold.
enum Content {
  static let answers =
    #""answers":{"digest":"\#(String(repeating: "ab", count: 32))","sequence":4,"stream":"mts"}"#

  /// Of the digest of a sealed drop's file.
  static let salt = String(repeating: "cd", count: 32)

  static func files(_ kind: ArchiveKind) -> [(String, String)] {
    switch kind {
    case .mtsRequest: Post.files
    case .mtsResults:
      [
        ("manifest.json", #"{"airlock":"mts-results","version":1,\#(answers)}"#),
        ("results/000001.json", #"{"canary":"T-1"}"#), ("results/000002.json", "{}"),
      ]
    case .registryPatch:
      [
        ("manifest.json", #"{"airlock":"registry-patch","version":1}"#),
        ("operations.ndjson", "{\"canary\":1}\n"), ("reg_ids.csv", "reg_id\n1\n"),
      ]
    case .snapshot, .job:
      [
        (
          "manifest.json",
          #"{"airlock":"\#(kind.rawValue)","version":1,"file":"canary.json","salt":"\#(salt)"}"#
        ),
        ("drop/canary.json", "[]"),
      ]
    }
  }

  static func draft(_ post: Post, _ kind: ArchiveKind) throws -> ArchiveDraft {
    try post.draft { draft in
      draft.kind = kind
      switch kind {
      case .mtsRequest: break
      case .mtsResults: draft.digests = .init(snapshot: nil, manifest: nil, policy: nil)
      case .registryPatch: (draft.batches, draft.fields) = (0, [])
      case .snapshot, .job:
        guard let salt = DigestSalt(hex: salt) else { throw Missing() }
        let own = SaltedDigest(
          Digest(of: Array("[]".utf8)), kind == .snapshot ? .snapshot : .manifest, salt: salt)
        (draft.records, draft.batches, draft.fields) = (0, 0, [])
        draft.digests = .init(
          snapshot: kind == .snapshot ? own : nil, manifest: kind == .job ? own : nil, policy: nil)
      }
    }
  }
}
