import Archives
import Faults
import Files
import Foundation
import Secrets
import Testing

@Suite struct OpeningTests {
  let post: Post

  init() throws {
    post = try Post()
    try post.publish()
  }

  private func failure(_ path: String) throws -> String? {
    failureClass { try post.verified().open(post.mts, into: path) }
  }

  @Test func `fault 57: an empty folder is filled, and only its owner may read it`() throws {
    try FileManager.default.createDirectory(atPath: post.opened, withIntermediateDirectories: false)
    #expect(try failure(post.opened + "/") == nil)
    for name in ["", "/requests"] {
      #expect(try mode(post.opened + name) == 0o700)
    }
    #expect(try mode(post.opened + "/requests/000001.json") == 0o600)
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func `fault 57: what is there is never touched`() throws {
    #expect(try failure(post.opened) == nil)
    try Data().write(to: URL(filePath: "\(post.path)/file"))
    try FileManager.default.createSymbolicLink(
      atPath: "\(post.path)/link", withDestinationPath: "\(post.path)/nowhere")
    let before = try post.names()
    for name in ["opened", "file", "link", "outbox", ".", "opened/.."] {
      #expect(try failure("\(post.path)/\(name)") == "destination", "\(name)")
    }
    #expect(try failure("\(post.path)/none/opened") == "destination")
    #expect(try failure("") == "destination")
    #expect(try post.names() == before)
  }

  @Test func `every class of an unfit archive blames its authenticity`() {
    let own: Set<ArchiveFault.Failure> = [.draft, .destination]
    for failure in ArchiveFault.Failure.allCases where !own.contains(failure) {
      #expect(ArchiveFault(failure, "x", "x").blame == .authenticity)
    }
  }

  @Test func `a large payload goes through in whole chunks`() throws {
    let post = try Post()
    let block = ChunkBuffer(pattern(1 << 20))
    let clock = ContinuousClock()
    let spool = try PayloadSpool(in: post.outbox)
    let spooling = try clock.measure { for _ in 0..<64 { try spool.write(block.prefix(1 << 20)) } }
    var staged: StagedArchive?
    let sealing = try clock.measure { staged = try post.staged(spool) }
    try staged?.publish()
    var archive: VerifiedArchive?
    let verifying = try clock.measure { archive = try post.verified() }
    let reader = try #require(try archive?.payload(for: post.mts))
    let out = ChunkBuffer(count: 1 << 17)
    let opening = try clock.measure { while try reader.read(into: out.bytes) > 0 {} }
    #expect(reader.isComplete)
    print("64 MiB: spool \(spooling), seal \(sealing), verify \(verifying), open \(opening)")
  }
}
