import Files
import JSONText
import Keys
import Secrets
import Testing

@testable import Archives

@Suite struct StreamIndexTests {
  let post: Post

  init() throws { post = try Post() }

  private func digest(_ number: Int64) -> Digest { Digest(of: "\(number)".utf8.map { $0 }) }

  private func archive(_ sequence: Int64) throws -> StreamIndex.Archive {
    StreamIndex.Archive(
      sequence: sequence, file: ArchiveDraft.fileName(job: "j", sequence: sequence),
      kind: .mtsRequest, digest: digest(sequence),
      previous: sequence == 1 ? nil : digest(sequence - 1), bytes: 900, records: 3,
      job: try #require(ArchiveLabel("j")), created: UTCTime(clamping: 1_750_000_000))
  }

  private func index(
    _ head: Int64?, _ archives: [Int64], _ retired: [ClosedRange<Int64>]
  ) throws -> StreamIndex {
    try StreamIndex(
      stream: #require(ArchiveLabel("mts")),
      head: head.map { StreamPosition(sequence: $0, digest: digest($0)) },
      archives: archives.map(archive), retired: retired)
  }

  private func reread(_ document: SignedDocument) throws -> StreamIndex {
    try StreamIndex(
      UnverifiedDocument(
        document.text, signature: Array(document.signature.utf8), kind: .index
      ).verified(byOneOf: [post.registry.card]))
  }

  private static let covered: [(Int64?, [Int64], [ClosedRange<Int64>])] = [
    (nil, [], []), (1, [1], []), (3, [1, 2, 3], []), (3, [3], [1...2]), (3, [], [1...3]),
    (6, [2, 4, 6], [1...1, 3...3, 5...5]), (5, [1, 2], [3...5]),
  ]

  @Test func `what is read again is what was signed, and the same state makes the same bytes`()
    throws
  {
    for (head, archives, retired) in Self.covered {
      let index = try index(head, archives, retired)
      let document = try index.signed(by: post.registry)
      #expect(try reread(document) == index)
      #expect(try index.signed(by: post.registry).text == document.text)
      #expect(try index.signed(by: post.registry).signature == document.signature)
    }
  }

  @Test func `fault 60: an index with a hole, a double or another head is refused`() throws {
    let rows: [(Int64?, [Int64], [ClosedRange<Int64>])] = [
      (nil, [1], []), (1, [], []), (3, [1, 3], []), (3, [2, 3], []), (2, [1, 2, 3], []),
      (4, [1, 2, 3], []), (3, [1, 1, 2, 3], []), (3, [2, 1, 3], []), (3, [1, 3], [1...2]),
      (3, [3], [2...2]), (3, [3], [1...1, 2...2]), (3, [2], [3...3, 1...1]), (3, [1], [3...3]),
    ]
    for (head, archives, retired) in rows {
      #expect(throws: KeysFault.self, "\(archives) \(retired)") {
        try index(head, archives, retired)
      }
    }
  }

  @Test func `the newest archive is the head`() throws {
    #expect(throws: KeysFault.self) {
      try StreamIndex(
        stream: #require(ArchiveLabel("mts")),
        head: StreamPosition(sequence: 1, digest: digest(9)), archives: [archive(1)], retired: [])
    }
  }

  @Test func `a signed index with a member too many, missing or malformed is refused`() throws {
    let sound = try index(3, [2, 3], [1...1]).members
    _ = try reread(SignedDocument(.index, sound, signer: post.registry))
    let changes: [(String, JSON?)] = [
      ("stream", "M TS"), ("stream", nil), ("head", nil), ("head", ["sequence": 3]),
      ("archives", nil), ("archives", [1]), ("retired", nil), ("retired", [[1]]),
      ("retired", [[1, 0]]), ("retired", [[1, 1, 1]]), ("more", 1),
    ]
    for (key, value) in changes {
      let members = sound.filter { $0.key != key } + (value.map { [JSON.Member(key, $0)] } ?? [])
      let document = try SignedDocument(.index, members, signer: post.registry)
      #expect(throws: KeysFault.self, "\(key)") { try reread(document) }
    }
  }

  @Test func `sequences become ranges`() {
    #expect(StreamIndex.ranges(of: [1, 2, 3, 5, 7, 8]) == [1...3, 5...5, 7...8])
    #expect(StreamIndex.ranges(of: [Int64]()) == [])
  }
}
