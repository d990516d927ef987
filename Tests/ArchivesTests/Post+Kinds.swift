import JSONText
import Secrets

@testable import Archives

extension Post {
  /// Of the digest of a sealed drop's file.
  private static let salt = String(repeating: "cd", count: 32)

  /// What an archive of each kind holds, and its draft.
  func content(_ kind: ArchiveKind) throws -> (files: [(String, String)], draft: ArchiveDraft) {
    let none = ArchiveDraft.Sources(snapshot: nil, manifest: nil, policy: nil)
    let draft = try draft { draft in
      draft.kind = kind
      if kind == .mtsResults { draft.digests = none }
      if kind == .registryPatch { (draft.batches, draft.fields) = (0, []) }
      guard kind.isDrop else { return }
      guard let salt = DigestSalt(hex: Post.salt) else { return }
      let own = SaltedDigest(
        Digest(of: Array("[]".utf8)), kind == .snapshot ? .snapshot : .manifest, salt: salt)
      (draft.records, draft.batches, draft.fields) = (0, 0, [])
      draft.digests = .init(
        snapshot: kind == .snapshot ? own : nil, manifest: kind == .job ? own : nil, policy: nil)
    }
    return (Post.files(kind), draft)
  }

  private static func files(_ kind: ArchiveKind) -> [(String, String)] {
    let digest = String(repeating: "ab", count: 32)
    switch kind {
    case .mtsRequest: return Post.files
    case .mtsResults:
      let answers: JSON = ["digest": .string(digest), "sequence": 4, "stream": "mts"]
      return [
        manifest(["airlock": "mts-results", "answers": answers]),
        ("results/000001.json", #"{"canary":"T-1"}"#), ("results/000002.csv", "id\n"),
      ]
    case .registryPatch:
      return [
        manifest(["airlock": "registry-patch"]), ("operations.ndjson", "{\"canary\":1}\n"),
        ("reg_ids.csv", "reg_id\n1\n"),
      ]
    case .snapshot, .job:
      let name = String(repeating: "n", count: 200)
      return [
        manifest([
          "airlock": .string(kind.rawValue), "file": .string(name), "salt": .string(salt),
        ]),
        ("drop/\(name)", "[]"),
      ]
    }
  }

  private static func manifest(_ json: JSON) -> (String, String) {
    ("manifest.json", String(decoding: ArchiveManifest.text(json), as: UTF8.self))
  }
}
