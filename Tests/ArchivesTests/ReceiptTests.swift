import Archives
import Faults
import Files
import JSONText
import Keys
import Secrets
import Testing

@Suite struct ReceiptTests {
  let post: Post
  let at = UTCTime(clamping: 1_750_000_000)

  init() throws {
    post = try Post()
    try post.publish()
  }

  private func receipt(_ state: Receipt.State) throws -> Receipt {
    try Receipt(for: post.verified(), by: post.mts.name, state: state, at: at)
  }

  private func reread(_ document: SignedDocument) throws -> Receipt {
    try Receipt(
      UnverifiedDocument(
        document.text, signature: Array(document.signature.utf8), kind: .receipt
      ).verified(byOneOf: [post.mts.card, post.registry.card]))
  }

  @Test func `what is read again is what was signed`() throws {
    for state in [.opened, .tokenised(answered: 1, failed: 1)] as [Receipt.State] {
      let receipt = try receipt(state)
      #expect(try reread(receipt.signed(by: post.mts)) == receipt)
      #expect(receipt.to == post.registry.name && receipt.by == post.mts.name)
    }
  }

  @Test func `its name says the stream, the number and the state`() throws {
    #expect(try receipt(.opened).fileName == "mts-00000001.opened.receipt.json")
    let answered = try receipt(.tokenised(answered: 2, failed: 0))
    #expect(answered.fileName == "mts-00000001.tokenised.receipt.json")
  }

  @Test func `counts that the archive cannot have are refused`() throws {
    let rows: [(Int64, Int64)] = [(3, 0), (0, 3), (2, 1), (-1, 0), (.max, .max)]
    for (answered, failed) in rows {
      #expect(
        code { try receipt(.tokenised(answered: answered, failed: failed)) } == "receipt_counts")
    }
  }

  private func patch(records: Int64 = 9) throws -> Post {
    let post = try Post()
    let files = [
      ("manifest.json", #"{"airlock":"registry-patch","version":1}"#),
      ("operations.ndjson", ""), ("reg_ids.csv", ""),
    ]
    let draft = try post.draft {
      ($0.kind, $0.records, $0.batches, $0.fields) = (.registryPatch, records, 0, ["reg_ids"])
    }
    try post.publish(post.spool(files), draft)
    return post
  }

  @Test func `what became of a patch is read again as it was signed`() throws {
    let post = try patch()
    for stale in [[], [1...1, 3...5], [1...9], [9...9]] as [[ClosedRange<Int64>]] {
      let state = Receipt.State.applied(
        done: 9 - stale.reduce(0) { $0 + Int64($1.count) }, stale: stale)
      let receipt = try Receipt(for: post.verified(), by: post.mts.name, state: state, at: at)
      let document = try receipt.signed(by: post.mts)
      let unverified = try UnverifiedDocument(
        document.text, signature: Array(document.signature.utf8), kind: .receipt)
      #expect(try Receipt(unverified.verified(byOneOf: [post.mts.card])) == receipt)
      #expect(receipt.fileName == "mts-00000001.applied.receipt.json")
    }
  }

  @Test func `operations that the patch cannot have are refused`() throws {
    let post = try patch()
    let rows: [(Int64, [ClosedRange<Int64>])] = [
      (8, []), (9, [1...1]), (8, [0...0]), (8, [10...10]), (7, [1...1, 2...2]),
      (6, [3...4, 1...1]),
      (5, [1...3, 3...4]), (-1, [1...10]), (.max, []),
    ]
    for (done, stale) in rows {
      let state = Receipt.State.applied(done: done, stale: stale)
      let found = code {
        try Receipt(for: post.verified(), by: post.mts.name, state: state, at: at)
      }
      #expect(found == "receipt_counts", "\(done) \(stale)")
    }
  }

  @Test func `a request is not applied, and a patch is not tokenised`() throws {
    let post = try patch()
    let tokenised = Receipt.State.tokenised(answered: 1, failed: 0)
    #expect(code { try receipt(.applied(done: 2, stale: [])) } == "receipt_state")
    let found = code {
      try Receipt(for: post.verified(), by: post.mts.name, state: tokenised, at: at)
    }
    #expect(found == "receipt_state")
  }

  @Test func `many gaps are told coarser, and nothing is called done that is not`() throws {
    let stale = (1...2_500).map { Int64($0 * 3) } + [90_000]
    let state = Receipt.State.applied(operations: 100_000, stale: stale)
    guard case .applied(let done, let ranges) = state else { return }
    #expect(ranges.count == Receipt.mostRanges && ranges.last == 90_000...90_000)
    #expect(stale.allSatisfy { number in ranges.contains { $0.contains(number) } })
    #expect(done == 100_000 - ranges.reduce(0) { $0 + Int64($1.count) })
    let post = try patch(records: 100_000)
    let receipt = try Receipt(for: post.verified(), by: post.mts.name, state: state, at: at)
    #expect(try receipt.signed(by: post.mts).text.count < 64 << 10)
  }

  @Test func `the report of a patch counts for that very archive only`() throws {
    let post = try patch()
    let archive = try post.verified()
    func state(_ edit: (String) -> String = { $0 }) throws -> Receipt.State {
      let text =
        #"{"airlock": "patch-report", "version": 1, "stream": "mts", "sequence": 1, "#
        + #""archive": "\#(archive.digest.hex)", "done": 7, "stale": ["#
        + #"{"operation": 2, "reason": "changed"}, {"operation": 3, "reason": "after_stale"}]}"#
      return try AppliedReport(parsing: Array(edit(text).utf8)).state(of: archive)
    }
    #expect(try state() == .applied(done: 7, stale: [2...3]))
    let other = Digest(of: [1]).hex
    let rows = [
      (archive.digest.hex, other), (#""mts""#, #""other""#), (#""sequence": 1"#, #""sequence": 2"#),
      (#""done": 7"#, #""done": 8"#), (#""operation": 3"#, #""operation": 2"#),
      (#""operation": 3"#, #""operation": 10"#),
    ]
    for (old, new) in rows {
      #expect(code { try state { $0.replacing(old, with: new) } } == "report_differs", "\(new)")
    }
    #expect(throws: (any Error).self) { try state { $0.replacing("patch-report", with: "x") } }
  }

  @Test func `a signed receipt with a member too many, missing or malformed is refused`() throws {
    guard case .object(let all) = try receipt(.opened).signed(by: post.mts).json else { return }
    let members = all.filter { !["airlock", "version", "sender"].contains($0.key) }
    var wrong = members.indices.map { index in
      members.enumerated().filter { $0.offset != index }.map(\.element)
    }
    wrong += members.indices.map { index in
      members.enumerated().map {
        $0.offset == index ? JSON.Member($0.element.key, "No!") : $0.element
      }
    }
    wrong += [
      members + [JSON.Member("answered", 1)], members + [JSON.Member("name", "x")],
      members.filter { $0.key != "state" } + [JSON.Member("state", "tokenised")],
    ]
    for members in wrong {
      let document = try SignedDocument(.receipt, members, signer: post.mts)
      #expect(code { try reread(document) } == "document_format", "\(members)")
    }
    #expect(wrong.count == 17)
  }
}
