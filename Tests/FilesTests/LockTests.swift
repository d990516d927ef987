import Faults
import Files
import Glibc
import Testing

@Suite struct LockTests {
  @Test("fault 19: a second holder is refused and told who")
  func aSecondHolderIsRefusedAndToldWho() throws {
    let scratch = try Scratch()
    let lock = try FolderLock(in: scratch.folder)
    let thrown = #expect(throws: FileFault.self) { try FolderLock(in: scratch.folder) }
    #expect(thrown?.kind == .locked)
    #expect(thrown?.blame == .environment)
    #expect(thrown?.message.contains("process \(getpid())") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func aLockThatWasGivenBackCanBeTaken() throws {
    let scratch = try Scratch()
    for _ in 0..<3 { _ = try FolderLock(in: scratch.folder) }
    #expect(try scratch.names == [".lock"])
  }

  @Test("fault 20: the process id of an earlier holder blocks nobody, at any time of day")
  func theProcessIdOfAnEarlierHolderBlocksNobody() throws {
    let scratch = try Scratch()
    try scratch.write("1\n", as: ".lock")
    _ = try FolderLock(in: scratch.folder)
    #expect(try scratch.read(".lock") == "\(getpid())\n")
  }

  @Test func aLockFileThatIsALinkIsRefused() throws {
    let scratch = try Scratch()
    symlink("/etc/hostname", scratch.path(".lock"))
    #expect(fault { _ = try FolderLock(in: scratch.folder) } == .symbolicLink)
  }
}
