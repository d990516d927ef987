import Files
import JSONText
import Secrets
import Testing

@testable import Keys

@Suite struct SignedDocumentTests {
  private let signer: Identity
  private let document: SignedDocument

  init() throws {
    signer = try Identity.generate(name: KeyName("registry"))
    document = try SignedDocument(
      .receipt, [JSON.Member("stream", "mts"), JSON.Member("sequence", 7)], signer: signer)
  }

  private func reread(
    _ text: [UInt8], _ signature: String? = nil, as kind: SignedDocument.Kind = .receipt
  ) throws -> SignedDocument {
    try UnverifiedDocument(
      text, signature: Array((signature ?? document.signature).utf8), kind: kind
    ).verified(byOneOf: [signer.card])
  }

  @Test func `What is read again is what was written, to the byte`() throws {
    let again = try reread(document.text)
    #expect(again.text == document.text && again.signature == document.signature)
    #expect(again.json["sequence"]?.integer == 7 && again.sender == signer.name)
  }

  @Test func `Every changed byte is refused`() throws {
    var tried = 0
    for index in document.text.indices {
      for mask in [0x01, 0xFF] as [UInt8] {
        var text = document.text
        text[index] ^= mask
        #expect(throws: KeysFault.self) { try reread(text) }
        tried += 1
      }
    }
    #expect(tried == 2 * document.text.count)
  }

  @Test func `A receipt is no index, not even under a good signature`() throws {
    #expect(throws: KeysFault.self) { try reread(document.text, as: .index) }
    let other = try SignedDocument(.index, [], signer: signer)
    #expect(throws: KeysFault.self) { try reread(document.text, other.signature) }
  }

  @Test func `A stranger's signature, and one of the same name, do not count`() throws {
    let stranger = try Identity.generate(name: signer.name)
    let forged = try SignedDocument(.receipt, [], signer: stranger)
    #expect(throws: KeysFault.self) { try reread(forged.text, forged.signature) }
  }
}
