import Files
import Fixtures
import Foundation
import Inbox
import Policies
import Testing

/// The watcher's eye, with a clock of our own.
struct InboxScanTests {
  private let folder: TemporaryFolder
  private let start = ContinuousClock.now

  init() throws { folder = try TemporaryFolder() }

  private func scan(quiet: Duration) throws -> InboxScan {
    InboxScan(try Folder(path: folder.path), quiet: quiet)
  }

  @Test("fault 3: a file is ready when it has held still for the quiet time, and not before")
  func holdsStill() throws {
    var scan = try scan(quiet: .seconds(2))
    try folder.write("a", as: "s.json")
    #expect(try scan.look(at: start).waiting == ["s.json"])
    #expect(try scan.look(at: start + .seconds(1)).ready.isEmpty)
    #expect(scan.nextMoment(after: start + .seconds(1)) == .seconds(1))
    #expect(try scan.look(at: start + .seconds(2)).ready == ["s.json"])
  }

  @Test("fault 4: a file that grows starts its quiet time anew, whatever its time stamp says")
  func grows() throws {
    var scan = try scan(quiet: .seconds(2))
    try folder.write("a", as: "s.json")
    _ = try scan.look(at: start)
    try folder.write("ab", as: "s.json")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: folder("s.json"))
    #expect(try scan.look(at: start + .seconds(2)).ready.isEmpty)
    #expect(try scan.look(at: start + .seconds(3)).ready.isEmpty)
    #expect(try scan.look(at: start + .seconds(4)).ready == ["s.json"])
  }

  @Test("fault 5, 24: a file that is replaced by another, or renamed into place twice, starts anew")
  func replaced() throws {
    var scan = try scan(quiet: .seconds(2))
    try folder.write("a", as: "s.json")
    _ = try scan.look(at: start)
    try folder.write("b", as: "t")
    #expect(rename(folder("t"), folder("s.json")) == 0)
    #expect(try scan.look(at: start + .seconds(2)).ready.isEmpty)
  }

  @Test(
    "fault 1, 17, 93: what is being uploaded, hidden, or belongs to another file is never ready",
    arguments: [
      "a.part", "a.filepart", "a.tmp", "a~", ".a.json", "a.json.sha256", "a.json.minisig",
      "accepted",
      "rejected", "._a.json", ".nfs00000001",
    ])
  func leftAlone(name: String) throws {
    var scan = try scan(quiet: .zero)
    try folder.write("x", as: name)
    let look = try scan.look(at: start)
    #expect(look.ready.isEmpty && look.waiting.isEmpty)
  }

  private func limits(_ intake: String) throws -> IntakeLimits {
    try SitePolicyDecoder.decode(
      Array(
        "{\"airlock\": \"policy\", \"version\": 1, \"streams\": {}, \"intake\": {\(intake)}}".utf8)
    ).intake
  }

  @Test("fault 148: the policy adds names that are left alone")
  func ignored() throws {
    let limits = try limits(#""ignore": ["*.upl", "scan-*", "note.txt", "a*z"]"#)
    for name in ["x.upl", "scan-1.csv", "note.txt", "abcz", "ok.json", "anote.txt"] {
      try folder.write("x", as: name)
    }
    var scan = InboxScan(try Folder(path: folder.path), quiet: .zero, limits: limits)
    #expect(try scan.look(at: start).ready == ["anote.txt", "ok.json"])
  }

  @Test("fault 148: where the policy asks for done-files, a drop waits for its own")
  func doneFile() throws {
    let limits = try limits(#""complete": "done-file""#)
    try folder.write("x", as: "a.json")
    try folder.write("", as: "b.json.done")
    var scan = InboxScan(try Folder(path: folder.path), quiet: .zero, limits: limits)
    #expect(try scan.look(at: start).ready.isEmpty)
    try folder.write("", as: "a.json.done")
    #expect(try scan.look(at: start).ready == ["a.json"])
  }

  @Test("fault 148: where uploads are renamed at their end, what has a name is whole")
  func renamed() throws {
    #expect(try limits(#""complete": "rename""#).quiet == .zero)
    #expect(try limits("").quiet == .seconds(2))
  }

  @Test(
    "A pattern that would ignore everything, or is a path, is refused",
    arguments: ["*", "", "a/b", "*x*"])
  func badPattern(pattern: String) {
    #expect(throws: (any Error).self) { _ = try limits("\"ignore\": [\"\(pattern)\"]") }
  }

  @Test("More files than one look reports come with the next")
  func many() throws {
    var scan = try scan(quiet: .zero)
    for number in 0..<25 { try folder.write("x", as: "f\(number).json") }
    let look = try scan.look(at: start, most: 10)
    #expect(look.ready.count == 10 && look.isFull)
    for name in look.ready { #expect(unlink(folder(name.text ?? "")) == 0) }
    #expect(try scan.look(at: start, most: 20).ready.count == 15)
  }
}
