import Archives
import Faults
import Files
import JSONText
import Keys
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
