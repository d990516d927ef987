import Files
import Foundation
import Keys
import Secrets
import Testing

@testable import Archives

/// `contrib/open_archive.py`, which was written from the description alone, judges as we do.
@Suite struct SecondReaderTests {
  let post: Post

  init() throws {
    post = try Post(registry: VectorKeys.sender(), mts: VectorKeys.recipient())
    let keys = try Folder(path: post.path)
    try IdentityFile.create(post.mts, as: "identity.json", in: keys)
    try post.registry.card.text.write(
      toFile: "\(post.path)/card", atomically: true, encoding: .utf8)
  }

  private static let reader = Vector.repository.appending(path: "contrib/open_archive.py").path

  private func read(_ vector: Vector) throws -> (status: Int32, output: String) {
    let card = vector.card.map { Vector.folder.appending(path: $0).path }
    return try read(vector.path, vector.position, kind: vector.kind, card: card)
  }

  private func read(
    _ archive: String, _ position: Vector.Position? = nil, _ more: [String] = [],
    kind: String? = nil, card: String? = nil
  ) throws -> (status: Int32, output: String) {
    let last = position.map {
      ["--after", [String($0.sequence), $0.digest].compactMap(\.self).joined(separator: ":")]
    }
    let arguments =
      [SecondReaderTests.reader, archive, card ?? "\(post.path)/card", "--into", post.opened]
      + (kind.map { ["--kind", $0] } ?? [])
    return try Stock.run(
      "/usr/bin/python3",
      arguments + (last ?? [])
        + (more.isEmpty ? ["--identity", "\(post.path)/identity.json"] : more))
  }

  @Test func `it gives every vector its class, and leaves nothing of a bad one`() throws {
    let vectors = try Vector.all()
    for vector in vectors {
      let (status, output) = try read(vector)
      let found = status == 0 ? "ok" : String(output.prefix { $0 != ":" })
      #expect(found == vector.class && (status == 0 || status == 3), "\(vector.file): \(output)")
      if vector.isGood { try FileManager.default.removeItem(atPath: post.opened) }
      #expect(try post.names() == ["card", "identity.json", "outbox"], "\(vector.file)")
    }
    #expect(vectors.count > 100)
  }

  @Test func `it opens the same files as we do`() throws {
    for vector in try Vector.all() where vector.isGood {
      let ours = "\(post.path)/ours"
      let sender = try vector.card.map { try Vector.card($0) } ?? post.registry.card
      try UnverifiedArchive(path: vector.path).verified(by: sender)
        .open(post.mts, into: ours)
      #expect(try read(vector).status == 0)
      let difference = try Stock.run("/usr/bin/diff", ["-r", ours, post.opened])
      #expect(difference.status == 0, "\(vector.file): \(difference.output)")
      for path in [ours, post.opened] { try FileManager.default.removeItem(atPath: path) }
    }
  }

  @Test func `it takes an identity under a passphrase, and never another's place`() throws {
    try "secret words\n".write(toFile: "\(post.path)/phrase", atomically: true, encoding: .utf8)
    let phrase = try Array("secret words".utf8).withUnsafeBytes { try SecretBytes(copying: $0) }
    try IdentityFile.create(
      post.mts, as: "locked.json", in: Folder(path: post.path), passphrase: phrase, cost: .least)
    let vector = Vector.folder.appending(path: "ok-small.sealed").path
    let locked = [
      "--identity", "\(post.path)/locked.json", "--passphrase-file", "\(post.path)/phrase",
    ]
    let opened = try read(vector, nil, locked)
    #expect(opened.status == 0, "\(opened.output)")
    let again = try read(vector, nil, locked)
    #expect(again.status == 3 && again.output.hasPrefix("destination"), "\(again.output)")
  }

  @Test(
    arguments: [
      ([], 2, "required"), (["ARCHIVE", "none"], 2, "none: No such file"),
      (["ARCHIVE", "ARCHIVE"], 2, "no card"),
      (["ARCHIVE", "CARD", "--into", "x"], 2, "--identity"),
      (["none", "CARD"], 4, "none: No such file"), (["--help"], 0, "SEQUENCE:DIGEST"),
    ] as [([String], Int32, String)])
  func `it says what is wrong with its use, and shows no traceback`(
    words: [String], status: Int32, fact: String
  ) throws {
    let paths = [
      "ARCHIVE": Vector.folder.appending(path: "ok-small.sealed").path, "CARD": "\(post.path)/card",
    ]
    let arguments = [SecondReaderTests.reader] + words.map { paths[$0] ?? $0 }
    let result = try Stock.run("/usr/bin/python3", arguments)
    #expect(result.status == status && result.output.contains(fact), "\(result.output)")
    #expect(!result.output.contains("Traceback"))
  }

  /// The file key and the stream's header being given, the whole archive follows from its content.
  @Test func `an archive that is decrypted and encrypted again has the same bytes`() throws {
    let script = Vector.repository.appending(path: "Tests/Vectors/reencode.py").path
    let good = try Vector.all().filter(\.isGood)
    for vector in good {
      let verdict = try Stock.run("/usr/bin/python3", [script, vector.path])
      #expect(verdict.status == 0, "\(vector.file): \(verdict.output)")
    }
    #expect(good.count > 10)
  }

  /// The vectors are made by a writer of their own; this is what ours makes.
  @Test(arguments: ArchiveKind.allCases) func `it opens what our writer makes`(kind: ArchiveKind)
    throws
  {
    let (files, draft) = try post.content(kind)
    try post.publish(post.spool(files), draft)
    let (status, output) = try read(post.archive, kind: kind.rawValue)
    #expect(status == 0, "\(output)")
    for (name, text) in files { #expect(try post.text(name) == text) }
  }

  @Test func `it refuses an archive with a hole before it reads it`() throws {
    try post.publish()
    let (count, start) = (try post.bytes().count, Post.headerEnd(try post.bytes()))
    let file = try FileHandle(forWritingTo: URL(filePath: post.archive))
    try file.truncate(atOffset: UInt64(start))
    try file.truncate(atOffset: UInt64(count))
    let (status, output) = try read(post.archive)
    #expect(status == 3 && output.hasPrefix("signature: the archive has holes"), "\(output)")
  }

  @Test func `each check of it has a vector that notices when it is taken out`() throws {
    let script = Vector.folder.appending(path: "check_by_check.py").path
    let verdict = try Stock.run("/usr/bin/python3", [script])
    #expect(verdict.status == 0, "\(verdict.output)")
  }

  @Test func `it has at most 340 lines`() throws {
    let text = try String(contentsOfFile: SecondReaderTests.reader, encoding: .utf8)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 341)
  }
}
