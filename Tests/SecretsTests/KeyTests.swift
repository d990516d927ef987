import Faults
import Secrets
import Testing

@Suite struct KeyTests {
  @Test func `a sealed key opens for its recipient alone`() throws {
    let key = try SecretBytes.random(count: 32)
    let mine = try SealingSecretKey.generate()
    let sealed = try mine.publicKey.seal(key)
    #expect(sealed.count == 32 + SealingPublicKey.overhead)
    #expect(try mine.open(sealed).equals(key))
    let other = try SealingSecretKey.generate()
    #expect(code { try other.open(sealed) } == "sealed_key_refused")
  }

  @Test func `fault 46: every altered byte of a sealed key is noticed`() throws {
    let mine = try SealingSecretKey.generate()
    let sealed = try mine.publicKey.seal(SecretBytes.random(count: 32))
    for index in sealed.indices {
      var altered = sealed
      altered[index] ^= 0x01
      #expect(code { try mine.open(altered) } == "sealed_key_refused", "byte \(index)")
    }
    #expect(code { try mine.open(Array(sealed.prefix(48))) } == "sealed_key_refused")
  }

  static let lowOrder: [[UInt8]] = [
    [UInt8](repeating: 0, count: 32),
    [1] + [UInt8](repeating: 0, count: 31),
    Hex.decode("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800") ?? [],
    Hex.decode("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157") ?? [],
    [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],  // p - 1
    [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],  // p, that is 0
    [0xEE] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],  // p + 1
    [0xF6] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],  // 9, written otherwise
    [9] + [UInt8](repeating: 0, count: 30) + [0x80],  // 9, with the unused bit
    [9], [],
  ]

  @Test(arguments: lowOrder)
  func `fault 50: an unsafe sealing key is refused`(bytes: [UInt8]) {
    #expect(code { try SealingPublicKey(bytes) } == "bad_public_key")
  }

  static let badPoints: [[UInt8]] = [
    [UInt8](repeating: 0, count: 32),
    [1] + [UInt8](repeating: 0, count: 31),
    [2] + [UInt8](repeating: 0, count: 31),
    Hex.decode("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05") ?? [],
    [UInt8](repeating: 0xFF, count: 32),
    [1, 2, 3],
  ]

  @Test(arguments: badPoints)
  func `fault 51: an unsafe signing key is refused`(bytes: [UInt8]) {
    #expect(code { try SigningPublicKey(bytes) } == "bad_public_key")
  }

  @Test func `keys are made again from their secrets`() throws {
    let sealing = try SealingSecretKey.generate()
    #expect(try SealingSecretKey(sealing.secret).publicKey == sealing.publicKey)
    let signing = try SigningSecretKey.generate()
    #expect(try SigningSecretKey(seed: signing.seed).publicKey == signing.publicKey)
    let id = signing.publicKey.id
    #expect(SigningKeyID(hex: id.hex) == id)
    #expect(SigningKeyID(hex: "0") == nil)
  }
}

/// The code of the fault that `body` throws, or nil.
func code<Result>(_ body: () throws -> Result) -> String? {
  do {
    _ = try body()
    return nil
  } catch let fault as any Fault {
    return fault.code
  } catch {
    return "\(error)"
  }
}
