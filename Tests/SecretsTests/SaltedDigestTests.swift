import Secrets
import Testing

@Suite struct SaltedDigestTests {
  private let digest = Digest(of: Array("content".utf8))

  /// By Python: `blake2b(b"airlock salted digest v1\nmanifest\n" + digest, key=bytes([7]) * 32)`.
  @Test func `It is the documented one`() throws {
    let salt = try #require(DigestSalt(hex: String(repeating: "07", count: 32)))
    let shown = SaltedDigest(digest, .manifest, salt: salt)
    #expect(shown.hex == "cc0871e64e8a1fa24a4b02513da30325c2e3f454868244d8d8a2a5e3d2e3d43e")
    #expect(SaltedDigest(hex: shown.hex) == shown && SaltedDigest(hex: "cc08") == nil)
  }

  @Test func `Another salt, another word or other content gives another`() {
    let salt = DigestSalt.random()
    let all = SaltedDigest.Word.allCases.map { SaltedDigest(digest, $0, salt: salt) }
    let others = [
      SaltedDigest(digest, .drop, salt: .random()), SaltedDigest(Digest(of: []), .drop, salt: salt),
    ]
    #expect(Set(all + others).count == all.count + 2)
    #expect(!(all + others).contains { $0.hex == digest.hex })
  }

  @Test func `A salt has 32 bytes in lower-case hex`() {
    #expect(DigestSalt(hex: DigestSalt.random().hex) != nil)
    for hex in ["", "07", String(repeating: "0A", count: 32), String(repeating: "07", count: 33)] {
      #expect(DigestSalt(hex: hex) == nil)
    }
  }

  @Test func `Salts follow from the key, and of one drop's words from its number`() throws {
    let (key, other) = (try SecretBytes.random(count: 32), try SecretBytes.random(count: 32))
    let salter = try DigestSalter(key: key)
    for word in SaltedDigest.Word.allCases {
      let salt = salter.salt(of: digest, word, drop: 1)
      #expect(try DigestSalter(key: key).salt(of: digest, word, drop: 1) == salt)
      #expect((salter.salt(of: digest, word, drop: 2) == salt) == !word.isOfOneDrop)
      #expect(salter.salt(of: Digest(of: []), word, drop: 1) != salt)
      #expect(try DigestSalter(key: other).salt(of: digest, word, drop: 1) != salt)
    }
    #expect(throws: SecretsFault.self) {
      try DigestSalter(key: SecretBytes.random(count: 31))
    }
  }
}
