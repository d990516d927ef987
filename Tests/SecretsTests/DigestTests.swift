import Faults
import Secrets
import Testing

@Suite struct DigestTests {
  @Test(arguments: [0, 1, 127, 128, 129, 70_000])
  func `our digest is what b2sum prints`(count: Int) throws {
    let bench = try Bench()
    try bench.write("file", pattern(count))
    let theirs = try bench.run("b2sum", "-l", "256", "file")
    #expect(theirs.output.hasPrefix(Digest(of: pattern(count)).hex + " "))
  }

  @Test(arguments: [0, 1, 64, 70_000])
  func `our SHA-256 is what sha256sum prints`(count: Int) throws {
    let bench = try Bench()
    try bench.write("file", pattern(count))
    let stream = SHA256Stream()
    stream.update(pattern(count))
    #expect(try bench.run("sha256sum", "file").output.hasPrefix(stream.finish() + " "))
  }

  @Test func `pieces give the digest of the whole`() {
    let stream = DigestStream()
    for start in stride(from: 0, to: 1000, by: 7) {
      stream.update(Array(pattern(1000)[start..<min(start + 7, 1000)]))
    }
    #expect(stream.finish() == Digest(of: pattern(1000)))
  }

  @Test func `a digest survives its text, and no other text is one`() {
    let digest = Digest(of: [1, 2, 3])
    #expect(Digest(hex: digest.hex) == digest)
    for bad in [
      "", digest.hex.uppercased(), digest.hex + "00", String(digest.hex.dropLast(2)), "zz",
    ] {
      #expect(Digest(hex: bad) == nil, "\(bad)")
    }
  }

  @Test(
    arguments: [
      ("", []), ("AA==", [0]), ("AAE=", [0, 1]), ("AAEC", [0, 1, 2]), ("//79", [255, 254, 253]),
    ] as [(String, [UInt8])])
  func `base64 has one text for each value`(text: String, bytes: [UInt8]) {
    #expect(Base64.encode(bytes) == text)
    #expect(Base64.decode(text) == bytes)
  }

  @Test(arguments: [
    "AB==", "AAF=", "AA=", "AA", "A", "=", "AA==\n", " AA==", "AAE-", "AA==AA==", "é",
  ])
  func `base64 that is not canonical is refused`(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
