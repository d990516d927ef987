import Faults
import Secrets
import Testing

@Suite struct PassphraseTests {
  private func secret(_ text: String) throws -> SecretBytes {
    try Array(text.utf8).withUnsafeBytes { try SecretBytes(copying: $0) }
  }

  private func box(_ passphrase: String = "open sesame") throws -> PassphraseBox {
    try PassphraseBox(
      sealing: secret("hush"), with: secret(passphrase), bound: [1], cost: .least)
  }

  @Test func `the passphrase opens what it locked, and only that`() throws {
    let box = try box()
    #expect(try box.open(with: secret("open sesame"), bound: [1]).equals(secret("hush")))
    #expect(code { try box.open(with: secret("open Sesame"), bound: [1]) } == "passphrase_wrong")
    #expect(code { try box.open(with: secret("open sesame"), bound: [2]) } == "passphrase_wrong")
  }

  @Test(arguments: ["", "a\0b", String(repeating: "a", count: 1025)])
  func `fault 68: a passphrase that cannot be used is refused by name`(text: String) {
    #expect(code { try box(text) } == "passphrase_unusable")
  }

  @Test(
    arguments: [
      (1, 8 << 10, nil), (10, 1 << 29, nil), (3, 256 << 20, nil),
      (0, 8 << 10, "passphrase_cost"), (11, 8 << 10, "passphrase_cost"),
      (1 << 30, 8 << 10, "passphrase_cost"), (1, 1 << 30, "passphrase_cost"),
      (1, 1 << 40, "passphrase_cost"), (1, 0, "passphrase_cost"), (-1, -1, "passphrase_cost"),
    ] as [(Int, Int, String?)])
  func `fault 68: a file cannot ask for more than the bounds`(
    passes: Int, memory: Int, fault: String?
  ) {
    #expect(code { try PassphraseCost(passes: passes, memory: memory) } == fault)
  }

  @Test func `the default cost is libsodium's moderate one`() throws {
    let start = ContinuousClock.now
    let box = try PassphraseBox(sealing: secret("hush"), with: secret("x"), bound: [])
    #expect(box.cost == .moderate)
    #expect(try box.open(with: secret("x"), bound: []).equals(secret("hush")))
    print("two Argon2id runs at the default cost: \(ContinuousClock.now - start)")
  }
}
