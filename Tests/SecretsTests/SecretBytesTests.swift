import Faults
import Secrets
import Testing

@Suite struct SecretBytesTests {
  @Test func `fault 69: a secret cannot be printed`() throws {
    let key = try SecretBytes(count: 4) { $0.copyBytes(from: Array("hush".utf8)) }
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), String(describing: [key]), dumped] {
      #expect(!text.contains("hush") && !text.contains("104"), "\(text)")
    }
  }

  @Test func `random secrets differ, copies are equal`() throws {
    let one = try SecretBytes.random(count: 32)
    let copy = try one.withBytes { try SecretBytes(copying: $0) }
    #expect(one.equals(copy))
    #expect(!one.equals(try SecretBytes.random(count: 32)))
    #expect(!one.equals(try SecretBytes.random(count: 31)))
    #expect(try one.part(0..<8).count == 8)
  }

  @Test func `secret base64 goes there and back`() throws {
    let key = try SecretBytes.random(count: 64)
    let text = try Base64.encode(key)
    let back = try text.withBytes { try Base64.decodeSecret($0, count: 64) }
    #expect(back.equals(key))
    let fault = #expect(throws: SecretsFault.self) {
      try text.withBytes { try Base64.decodeSecret($0, count: 63) }
    }
    #expect(fault?.code == "bad_secret_key")
  }

  @Test func `fault 70: more secrets than may be locked still work`() throws {
    // Each takes a locked page: 3,000 of them go beyond the usual limit of 8 MiB.
    let many = try (0..<3000).map { _ in try SecretBytes.random(count: 32) }
    #expect(many.allSatisfy { $0.count == 32 })
  }

  @Test func `fault 69: core dumps are off once asked`() async {
    await #expect(processExitsWith: .success) {
      try CoreDumps.disable()
      precondition(CoreDumps.areDisabled)
    }
  }
}
