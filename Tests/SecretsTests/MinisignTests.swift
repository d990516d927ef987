import Faults
import Secrets
import Testing

@Suite struct MinisignTests {
  let key: SigningSecretKey

  init() throws { key = try SigningSecretKey.generate() }

  private func signature(_ content: [UInt8], _ comment: String = "airlock test") throws
    -> MinisignSignature
  {
    try MinisignSignature(of: Prehash(of: content), by: key, trustedComment: comment)
  }

  @Test(arguments: [0, 1, 100_000])
  func `the stock tool verifies our signature`(count: Int) throws {
    let bench = try Bench()
    try bench.write("file", pattern(count))
    try bench.write("file.minisig", Array(signature(pattern(count), "kind seq=42").text.utf8))
    try bench.write("us.pub", Array(Minisign.text(of: key.publicKey).utf8))
    let verdict = try bench.run("minisign", "-Vm", "file", "-p", "us.pub")
    #expect(verdict.status == 0, "\(verdict.output)")
    #expect(verdict.output.contains("kind seq=42"))
  }

  @Test func `the stock tool refuses our signature of another file`() throws {
    let bench = try Bench()
    try bench.write("file", [1])
    try bench.write("file.minisig", Array(signature([2]).text.utf8))
    try bench.write("us.pub", Array(Minisign.text(of: key.publicKey).utf8))
    #expect(try bench.run("minisign", "-Vm", "file", "-p", "us.pub").status != 0)
  }

  @Test func `we verify the stock tool's signature`() throws {
    let bench = try Bench()
    try bench.write("file", pattern(5000))
    #expect(try bench.run("minisign", "-GW", "-p", "them.pub", "-s", "them.key").status == 0)
    #expect(try bench.run("minisign", "-Sm", "file", "-s", "them.key").status == 0)
    let them = try Minisign.publicKey(parsing: bench.read("them.pub"))
    let theirs = try MinisignSignature(parsing: bench.read("file.minisig"))
    try theirs.verify(Prehash(of: pattern(5000)), by: them)
    #expect(theirs.trustedComment.contains("file:file"))
    #expect(code { try theirs.verify(Prehash(of: [1]), by: them) } == "signature_refused")
    #expect(code { try theirs.verify(Prehash(of: [1]), by: key.publicKey) } == "other_signer")
  }

  @Test func `a signature of the old, unhashed kind is refused`() throws {
    let bench = try Bench()
    try bench.write("file", [1])
    #expect(try bench.run("minisign", "-GW", "-p", "them.pub", "-s", "them.key").status == 0)
    #expect(try bench.run("minisign", "-Slm", "file", "-s", "them.key").status == 0)
    #expect(
      code { try MinisignSignature(parsing: bench.read("file.minisig")) } == "signature_format")
  }

  @Test func `the texts survive reading`() throws {
    let text = try signature([7]).text
    #expect(try MinisignSignature(parsing: Array(text.utf8)) == signature([7]))
    let card = Minisign.text(of: key.publicKey)
    #expect(try Minisign.publicKey(parsing: Array(card.utf8)) == key.publicKey)
  }

  @Test func `fault 46: every altered byte of a signature is noticed`() throws {
    let text = Array(try signature([7]).text.utf8)
    let untrusted = text.firstIndex(of: 0x0A) ?? 0
    for index in text.indices where index < 19 || index >= untrusted {
      for flip in [0x01, 0xFF] as [UInt8] {
        var altered = text
        altered[index] ^= flip
        let verdict = code {
          try MinisignSignature(parsing: altered).verify(Prehash(of: [7]), by: key.publicKey)
        }
        #expect(verdict != nil, "byte \(index) ^ \(flip)")
      }
    }
  }

  @Test func `fault 45: every cut of a signature is noticed`() throws {
    let text = Array(try signature([7]).text.utf8)
    for count in 0..<text.count {
      let cut = Array(text.prefix(count))
      #expect(code { try MinisignSignature(parsing: cut) } == "signature_format", "\(count)")
    }
    #expect(code { try MinisignSignature(parsing: text + [0x0A]) } == "signature_format")
  }

  @Test(arguments: [
    "line\nbreak", "colour \u{1B}[31m", "turn \u{202E}", String(repeating: "a", count: 5000),
  ])
  func `a comment that could mislead a reader is not signed`(comment: String) {
    #expect(code { try signature([1], comment) } == "unsafe_comment")
  }
}
