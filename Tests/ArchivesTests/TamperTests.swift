import Archives
import Files
import Foundation
import Keys
import Secrets
import Testing

/// Somebody between the sites changes a file. Every change must be named, and nothing opened.
@Suite struct TamperTests {
  let post: Post
  let sound: [UInt8]
  let headerEnd: Int

  init() throws {
    post = try Post()
    try post.publish()
    sound = try post.bytes()
    headerEnd = try #require(sound.dropFirst(19).firstIndex(of: 0x0A))
  }

  @Test func `fault 46: every altered byte is refused, with its class`() throws {
    let inHeader: Set = ["header", "type", "truncation", "trailing_data", "signature"]
    var count = 0
    for index in sound.indices where Post.isWorthwhile(index, behind: headerEnd) {
      for flip in [0x01, 0xFF] as [UInt8] {
        var altered = sound
        altered[index] ^= flip
        try post.replace(altered)
        let found = try post.failure() ?? "opened"
        let wanted: Set = index < 19 ? ["header"] : index <= headerEnd ? inHeader : ["signature"]
        #expect(wanted.contains(found), "byte \(index) ^ \(flip): \(found)")
        count += 1
      }
    }
    #expect(count > 2 * headerEnd)
  }

  @Test func `fault 45: every truncation is refused as one`() throws {
    for count in sound.indices where Post.isWorthwhile(count, behind: headerEnd) {
      try post.replace(Array(sound.prefix(count)))
      #expect(try post.failure() == "truncation", "\(count) bytes")
    }
  }

  @Test func `fault 47: whatever is appended is refused`() throws {
    for tail in [[0], pattern(65_553), sound] as [[UInt8]] {
      try post.replace(sound + tail)
      #expect(try post.failure() == "trailing_data")
    }
  }

  @Test func `fault 46: every altered byte of a signature is refused`() throws {
    let path = post.archive + ".minisig"
    let text = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let start = try #require(text.firstIndex(of: 0x0A))
    for index in start..<text.count {
      var altered = text
      altered[index] ^= 0x01
      try Data(altered).write(to: URL(filePath: path))
      #expect(try post.failure() == "signature", "byte \(index)")
    }
    for count in 0..<text.count {
      try Data(text.prefix(count)).write(to: URL(filePath: path))
      #expect(try post.failure() == "signature", "\(count) bytes")
    }
  }

  @Test func `a missing or oversized signature is refused`() throws {
    let path = post.archive + ".minisig"
    try Data(pattern(20_000)).write(to: URL(filePath: path))
    #expect(try post.failure() == "signature")
    try FileManager.default.removeItem(atPath: path)
    #expect(try post.failure() == "signature")
  }

  @Test func `another sender is refused, whoever signed`() throws {
    #expect(
      failureClass { try UnverifiedArchive(path: post.archive).verified(by: post.mts.card) }
        == "signature")
    #expect(
      failureClass { try UnverifiedArchive(path: post.archive).verified(byOneOf: []) }
        == "signature")
    try post.forge(sound, by: post.stranger)
    #expect(try post.failure() == "signature")
  }

  @Test func `a comment that is not the archive's is refused`() throws {
    try post.forge(sound, comment: "airlock mts-request stream=mts seq=2")
    #expect(try post.failure() == "signature")
  }

  @Test func `a file changed after it was verified is not opened`() throws {
    let archive = try post.verified()
    let handle = try FileHandle(forWritingTo: URL(filePath: post.archive))
    try handle.seek(toOffset: UInt64(30))
    try handle.write(contentsOf: Data([sound[30] ^ 1]))
    try handle.close()
    #expect(failureClass { try archive.open(post.mts, into: post.opened) } == "signature")
    #expect(try post.names() == ["outbox"])
  }

  @Test(arguments: [
    ("", "truncation"), ("airlock archive v3\n{}", "header"), ("PK\u{3}\u{4}", "header"),
    ("airlock archive v2\n{}\n", "header"), ("../../etc/passwd", "header"),
    ("\u{1F}\u{8B}\u{8}", "header"), ("manifest.json\0\0\0", "header"),
    ("(\u{B5}/\u{FD}", "header"), ("airlock archive v2\n\n", "header"),
    ("airlock archive v2\n" + String(repeating: " ", count: 70_000), "header"),
  ])
  func `fault 56: what is no archive is refused by class, whatever its magic`(
    text: String, wanted: String
  ) throws {
    try post.replace(Array(text.utf8))
    #expect(try post.failure() == wanted)
  }
}
