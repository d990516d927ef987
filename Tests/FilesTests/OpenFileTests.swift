import Files
import Foundation
import Glibc
import Testing

@Suite struct OpenFileTests {
  let scratch: Scratch
  let rules = OpenRules.drop(limit: 1_000)

  init() throws { scratch = try Scratch() }

  private func open(_ name: EntryName = "x") throws -> OpenFile {
    try OpenFile(name, in: scratch.folder, rules: rules)
  }

  @Test func aFileIsReadToItsEnd() throws {
    try scratch.write("hello", as: "x")
    let file = try open()
    #expect(try file.readAll() == Array("hello".utf8))
    #expect(file.position == 5)
    try file.requireUnchanged()
  }

  @Test(
    "fault 8, 9, 10, 11: what is no plain file of one name is refused without blocking",
    arguments: [
      ("ln -s /etc/shadow x", FileFault.Kind.symbolicLink), ("ln -s nowhere x", .symbolicLink),
      ("ln -s x x", .symbolicLink), ("mkfifo x", .notARegularFile), ("mkdir x", .notARegularFile),
      ("touch y; ln y x", .hardLinked), ("truncate -s 1001 x", .tooLarge),
      ("truncate -s 8T x", .tooLarge), ("true", .notFound),
      ("python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"x\")'", .notARegularFile),
    ]) func whatIsNoPlainFileIsRefusedWithoutBlocking(make: String, kind: FileFault.Kind) throws
  {
    try shell(make, in: scratch.url)
    #expect(fault { _ = try open() } == kind)
  }

  @Test("fault 6: a file that grows while it is read is refused")
  func aFileThatGrowsWhileReadIsRefused() throws {
    try scratch.write("hello", as: "x")
    let file = try open()
    try scratch.write("hello world", as: "x")
    #expect(fault { _ = try file.readAll() } == .changedWhileReading)
  }

  @Test("fault 6: a file that shrinks while it is read is refused")
  func aFileThatShrinksWhileReadIsRefused() throws {
    try scratch.write("hello", as: "x")
    let file = try open()
    truncate(scratch.path("x"), 2)
    #expect(fault { _ = try file.readAll() } == .changedWhileReading)
  }

  @Test("fault 7: an edit in place is noticed, whatever the modification time was")
  func anEditInPlaceIsNoticed() throws {
    try shell("echo hello > x; touch -d @1000 x", in: scratch.url)
    let file = try open()
    try shell("echo jello > x", in: scratch.url)
    #expect(fault { try file.requireUnchanged() } == .changedWhileReading)
  }

  @Test("fault 11: a file of size 0 with content is refused")
  func aFileThatClaimsNoSizeIsRefused() throws {
    let file = try OpenFile(path: "/proc/self/status", rules: .named(limit: 1_000))
    #expect(fault { _ = try file.readAll() } == .changedWhileReading)
  }

  @Test(arguments: [0o640, 0o604, 0o644, 0o660] as [mode_t])
  func aSecretThatOthersCanReadIsRefused(mode: mode_t) throws {
    try scratch.write("key", as: "x")
    chmod(scratch.path("x"), mode)
    #expect(
      fault { _ = try OpenFile("x", in: scratch.folder, rules: .secret()) } == .exposed)
    chmod(scratch.path("x"), 0o600)
    #expect(try OpenFile("x", in: scratch.folder, rules: .secret()).readAll().count == 3)
  }

  @Test("fault 25: a file of an unexpected owner is refused")
  func aFileOfAnUnexpectedOwnerIsRefused() throws {
    try scratch.write("x", as: "x")
    let rules = OpenRules.drop(limit: 10, owners: [geteuid() + 1])
    #expect(fault { _ = try OpenFile("x", in: scratch.folder, rules: rules) } == .foreignOwner)
  }

  @Test func refusingManyFilesLeaksNoDescriptor() throws {
    try shell("mkdir x", in: scratch.url)
    for _ in 0..<5_000 { #expect(fault { _ = try open() } == .notARegularFile) }
  }
}

func shell(_ line: String, in folder: URL) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/bash")
  process.arguments = ["-ec", line]
  process.currentDirectoryURL = folder
  try process.run()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0, "\(line) failed")
}
