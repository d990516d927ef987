import Files
import Foundation
import Keys
import Testing

@testable import Archives

/// Run by `scripts/make-vectors` alone.
@Suite struct VectorMaking {
  static let isAsked = ProcessInfo.processInfo.environment["AIRLOCK_MAKE_VECTORS"] == "1"

  @Test(.enabled(if: isAsked)) func `vectors are made anew when asked`() throws {
    try VectorMaker(VectorTests.vectors).make()
  }
}

/// The vectors beside the format's description: each is named by the class that it must give.
@Suite struct VectorTests {
  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized
  static let docs = repository.appending(path: "docs")
  static let vectors = repository.appending(path: "Tests/Vectors")

  @Test func `every vector gives the class in its name`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: VectorTests.vectors.path)
      .filter { $0.hasSuffix(".sealed") }
    #expect(names.count >= 39)
    var classes: Set<String> = []
    for name in names {
      let wanted = String(name.prefix { $0 != "-" })
      #expect(try outcome(name) == wanted, "\(name)")
      classes.insert(wanted)
    }
    #expect(classes.count == 8)
  }

  private func outcome(_ name: String) throws -> String {
    let post = try Post(registry: VectorKeys.sender(), mts: VectorKeys.recipient())
    let path = VectorTests.vectors.appending(path: name).path
    let found = failureClass {
      let archive = try UnverifiedArchive(path: path).verified(by: post.registry.card)
      try archive.open(post.mts, into: post.opened)
    }
    if found != nil { #expect(try post.names() == ["outbox"]) }
    return found ?? "ok"
  }

  @Test func `the worked example of the description is the first vector`() throws {
    let text = try String(
      contentsOf: VectorTests.docs.appending(path: "archive-format.md"), encoding: .utf8)
    let example = try #require(text.components(separatedBy: "```hexdump\n").dropFirst().first)
    let lines = example.components(separatedBy: "```")[0].split(separator: "\n")
    let bytes = lines.flatMap { line in
      line.dropFirst(10).prefix(48).split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
    let vector = try Data(contentsOf: VectorTests.vectors.appending(path: "ok-small.sealed"))
    #expect(bytes == [UInt8](vector))
  }
}
