import Faults
import Files
import Foundation
import Secrets
import Testing

@testable import Archives

@Suite struct SplitArchiveTests {
  let post: Post
  let stick: Folder
  let home: Folder

  init() throws {
    post = try Post()
    try post.publish()
    stick = try Folder(path: post.path + "/stick", create: 0o700)
    home = try Folder(path: post.path + "/home", create: 0o700)
  }

  private var list: String { "\(post.path)/stick/\(Post.name).parts.json" }

  private func part(_ number: Int) -> String { "\(post.path)/stick/\(Post.name).00\(number)" }

  @discardableResult
  private func split(_ bytes: Int64) throws -> SplitArchive {
    try SplitArchive.split(path: post.archive, partBytes: bytes, into: stick)
  }

  private func join() throws -> SplitArchive { try SplitArchive.join(list: list, into: home) }

  @Test func `parts of every size make the same archive again, with its signature`() throws {
    let size = Int64(try post.bytes().count)
    let rows: [(Int64, Int64)] = [
      (size, 1), (size + 1, 1), (size - 1, 2), (size / 2 + 1, 2), (100, (size + 99) / 100),
      (SplitArchive.largestOnFAT, 1),
    ]
    for (bytes, count) in rows {
      #expect(try split(bytes).parts.count == count)
      #expect(try join().digest == post.verified().digest)
      for ending in ["", ".minisig"] {
        #expect(
          try Data(contentsOf: URL(filePath: "\(post.path)/home/\(Post.name)\(ending)"))
            == Data(contentsOf: URL(filePath: post.archive + ending)))
      }
      #expect(try post.names("stick").count == count + 1 && post.names("home").count == 2)
      for folder in ["stick", "home"] {
        for name in try post.names(folder) {
          try FileManager.default.removeItem(atPath: "\(post.path)/\(folder)/\(name)")
        }
      }
    }
  }

  @Test func `fault 81: every bad part is named at once, and nothing is made`() throws {
    try split(200)
    try FileManager.default.removeItem(atPath: part(1))
    try Data([1, 2]).write(to: URL(filePath: part(2)))
    try Data(repeating: 0, count: 200).write(to: URL(filePath: part(3)))
    try Data(repeating: 0, count: 201).write(to: URL(filePath: part(4)))
    #expect(throws: FaultList.self) { try join() }
    do { _ = try join() } catch let faults as FaultList {
      #expect(
        faults.all.map(\.code) == ["part_missing", "part_cut", "part_altered", "part_too_long"])
      for (index, fault) in faults.all.enumerated() {
        #expect(fault.message.contains("\(Post.name).00\(index + 1)"))
      }
    }
    #expect(try post.names("home").isEmpty)
  }

  @Test func `a list that was altered leads nowhere else`() throws {
    try split(500)
    let text = try String(contentsOfFile: list, encoding: .utf8)
    let rows = [
      (Post.name, "../x.sealed"), (".002", ".003"), ("\"parts\"", "\"part\""),
      ("\"version\": 1", "\"version\": 2"), ("\"bytes\": 500", "\"bytes\": 501"),
      ("trusted comment", "comment"), ("\"digest\": \"", "\"digest\": \"0"),
    ]
    for (old, new) in rows {
      #expect(text.contains(old), "\(old)")
      try text.replacing(old, with: new).write(toFile: list, atomically: false, encoding: .utf8)
      #expect(throws: (any Error).self, "\(old)") { try join() }
      #expect(try post.names("home").isEmpty && !post.names().contains("x.sealed"))
    }
  }

  @Test func `parts of two archives are not joined, even if a list says so`() throws {
    let one = try split(500)
    var parts = one.parts
    let other = Data(repeating: 7, count: Int(parts[0].bytes))
    parts[0] = SplitArchive.Part(bytes: parts[0].bytes, digest: Digest(of: [UInt8](other)))
    let forged = SplitArchive(
      name: one.name, bytes: one.bytes, digest: one.digest, parts: parts, signature: one.signature)
    try forged.text.write(toFile: list, atomically: false, encoding: .utf8)
    try other.write(to: URL(filePath: part(1)))
    #expect(code { try join() } == "parts_differ")
    #expect(try post.names("home").isEmpty)
  }

  @Test func `nothing is overwritten, and a split that fails leaves no part`() throws {
    #expect(code { try split(1) } == "too_many_parts")
    try Data([1]).write(to: URL(filePath: part(2)))
    #expect(code { try split(500) } == "already_there")
    #expect(try post.names("stick") == ["\(Post.name).002"])
    try FileManager.default.removeItem(atPath: part(2))
    try split(500)
    #expect(code { try split(400) } == "already_there")
    _ = try join()
    #expect(code { try join() } == "already_there")
    try home.remove(EntryName(Post.name))
    let signature = try EntryName(Post.name).appending(".minisig")
    #expect(try join().bytes > 0, "the same signature is no obstacle")
    try home.remove(EntryName(Post.name))
    try AtomicFile.write("another's", as: signature, in: home, replacing: true)
    #expect(code { try join() } == "already_there")
    try FileManager.default.removeItem(atPath: post.archive + ".minisig")
    #expect(
      code { try SplitArchive.split(path: post.archive, partBytes: 500, into: home) }
        == "signature_missing")
  }

  @Test func `what is no whole archive is not split`() throws {
    try post.replace(Array(try post.bytes().dropLast()))
    #expect(code { try split(500) } == "cut_short")
    #expect(try post.names("stick").isEmpty)
  }
}
