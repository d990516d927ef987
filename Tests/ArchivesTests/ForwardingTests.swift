import Faults
import Files
import Foundation
import JSONText
import Keys
import Secrets
import Testing

@testable import Archives

/// What others can do with what we signed or sealed.
@Suite struct ForwardingTests {
  let post: Post

  init() throws {
    post = try Post()
    try post.publish()
  }

  /// The recipient opens an archive, and seals what was in it to a stranger.
  private func forwarded(_ draft: ArchiveDraft? = nil) throws -> [UInt8] {
    let forge = try Forge(post)
    let reader = try post.verified().payload(for: post.mts)
    let room = ChunkBuffer(count: 65_536)
    let count = try reader.read(into: room.bytes)
    let header = try forge.header(
      payload: Int64(count), to: [forge.recipient(post.stranger.card)], draft)
    return try forge.archive(header, [Array(room.prefix(count))], final: 0)
  }

  @Test func `fault 52: a recipient cannot send our content on in our name`() throws {
    let bytes = try forwarded()
    let signature = try Data(contentsOf: URL(filePath: post.archive + ".minisig"))
    try post.replace(bytes)
    #expect(try post.failure() == "signature", "with our signature of the archive that it was in")
    try post.forge(bytes, by: post.mts)
    #expect(try post.failure() == "signature", "signed by the recipient")
    try post.forge(bytes, by: post.stranger)
    #expect(try post.failure() == "signature", "signed by the third party")
    #expect(signature.count > 200)
  }

  @Test func `fault 52: who is named as a recipient is signed`() throws {
    let bytes = try post.bytes()
    let names = String(decoding: bytes[..<Post.headerEnd(bytes)], as: UTF8.self)
      .replacingOccurrences(
        of: post.mts.card.fingerprint.digest.hex, with: post.stranger.card.fingerprint.digest.hex)
    try post.replace(Array(names.utf8) + bytes[Post.headerEnd(bytes)...])
    #expect(try post.failure() == "signature")
  }

  @Test func `fault 51: a signature over anything else of ours is none of an archive`() throws {
    let bytes = try post.bytes()
    let others = [
      "airlock index sender=registry", "airlock receipt sender=registry", "",
      "airlock mts-results stream=mts seq=1 job=monthly sender=registry records=2",
    ]
    for comment in others {
      try post.forge(bytes, comment: comment)
      #expect(try post.failure() == "signature", "\(comment)")
    }
    let document = try SignedDocument(.index, [], signer: post.registry)
    try Data(document.signature.utf8).write(to: URL(filePath: post.archive + ".minisig"))
    #expect(try post.failure() == "signature")
    try Data(document.text).write(to: URL(filePath: post.archive))
    #expect(try post.failure() == "header")
  }

  @Test func `fault 51: the signature of an archive is none of a document`() throws {
    let signature = [UInt8](try Data(contentsOf: URL(filePath: post.archive + ".minisig")))
    for kind in SignedDocument.Kind.allCases {
      let text = try SignedDocument(kind, [], signer: post.registry).text
      let document = try UnverifiedDocument(text, signature: signature, kind: kind)
      #expect(code { try document.verified(byOneOf: [post.registry.card]) } == "signature_refused")
      #expect(
        code { try UnverifiedDocument(post.bytes(), signature: signature, kind: kind) } != nil)
    }
  }

  @Test func `fault 50: ten thousand recipients are refused soon, and read no further`() throws {
    let forge = try Forge(post)
    let one = try forge.recipient(post.mts.card)
    let many = try forge.header(payload: 1, to: Array(repeating: one, count: 10_000))
    let text = many.json.canonical()
    let clock = ContinuousClock()
    try post.replace(ArchiveLayout.magic + text + [0x0A])
    var found: String?
    let time = try clock.measure { found = try post.failure() }
    #expect(found == "header")
    #expect(time < .seconds(2))
  }

  @Test func `W1: each archive has a key of its own, and W2: an unsafe key is never sealed to`()
    throws
  {
    let first = try UnverifiedArchive(path: post.archive).header.recipients[0].sealedKey
    let again = try Post(registry: post.registry, mts: post.mts)
    try again.publish()
    let second = try UnverifiedArchive(path: again.archive).header.recipients[0].sealedKey
    let keys = try [first, second].map { try post.mts.sealing.open($0) }
    #expect(!keys[0].equals(keys[1]))
    let zero = [UInt8](repeating: 0, count: 32)
    #expect(code { try SealingPublicKey(zero) } == "bad_public_key")
  }
}
