import Files
import Foundation
import Glibc
import Testing

@Suite struct FolderTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test(arguments: [0o700, 0o755, 0o777] as [UInt32])
  func aSubfolderIsMadeWithExactlyItsMode(mode: UInt32) throws {
    _ = try scratch.folder.subfolder("sub", create: mode)
    #expect(try scratch.mode("sub") == mode)
  }

  @Test func aFolderIsMadeByItsPath() throws {
    for _ in 0..<2 { _ = try Folder(path: scratch.path("site"), create: 0o755) }
    #expect(try scratch.mode("site") == 0o755)
    #expect(fault { _ = try Folder(path: scratch.path("no/site"), create: 0o755) } == .notFound)
  }

  @Test func aSubfolderThatIsThereKeepsItsMode() throws {
    _ = try scratch.folder.subfolder("sub", create: 0o750)
    _ = try scratch.folder.subfolder("sub", create: 0o700)
    #expect(try scratch.mode("sub") == 0o750)
  }

  @Test(arguments: ["/etc", "/nowhere"]) func aLinkIsNoSubfolder(target: String) throws {
    symlink(target, scratch.path("sub"))
    #expect(fault { _ = try scratch.folder.subfolder("sub") } == .notAFolder)
    #expect(fault { _ = try scratch.folder.subfolder("sub", create: 0o700) } == .notAFolder)
  }

  @Test("fault 8, 15: a swapped parent leads nowhere else")
  func aSwappedParentLeadsNowhereElse() throws {
    let sub = try scratch.folder.subfolder("sub", create: 0o700)
    rename(scratch.path("sub"), scratch.path("moved"))
    symlink("/etc", scratch.path("sub"))
    try AtomicFile.write("x", as: "a", in: sub)
    #expect(try scratch.read("moved/a") == "x")
    #expect(try !sub.isInPlace())
  }

  @Test("fault 15: a folder that was deleted and made anew is noticed")
  func aFolderThatWasDeletedAndMadeAnewIsNoticed() throws {
    let sub = try scratch.folder.subfolder("sub", create: 0o700)
    #expect(try sub.isInPlace())
    rmdir(scratch.path("sub"))
    #expect(try !sub.isInPlace())
    mkdir(scratch.path("sub"), 0o700)
    #expect(try !sub.isInPlace())
  }

  @Test func aTakenNameIsNotOverwritten() throws {
    try scratch.write("1", as: "a")
    try scratch.write("2", as: "b")
    let folder = scratch.folder
    #expect(fault { try folder.rename("a", to: folder, as: "b") } == .alreadyThere)
    #expect(try scratch.read("b") == "2")
    try folder.rename("a", to: folder, as: "b", replacing: true)
    #expect(try scratch.read("b") == "1")
    #expect(fault { try folder.rename("a", to: folder, as: "c") } == .notFound)
  }

  @Test func aMoveToAnotherFileSystemSaysSo() throws {
    try scratch.write("1", as: "a")
    let elsewhere = try Folder(path: "/dev/shm")
    try #require(try elsewhere.status().device != scratch.folder.status().device)
    let thrown = #expect(throws: FileFault.self) {
      try scratch.folder.rename("a", to: elsewhere, as: "airlock-test")
    }
    #expect(thrown?.kind == .otherFileSystem)
    #expect(thrown?.message.contains("/dev/shm/airlock-test") == true)
  }

  @Test("fault 16: a move to another file system is a synced copy, and then the original goes")
  func moveAcross() throws {
    let name = try EntryName("airlock-test-\(getpid())")
    let elsewhere = try Folder(path: "/dev/shm")
    try #require(try elsewhere.status().device != scratch.folder.status().device)
    defer { _ = try? elsewhere.removeIfThere(name) }
    let text = String(repeating: "0123456789", count: 250_000)
    try scratch.write(text, as: "a")
    try scratch.folder.move("a", to: elsewhere, as: name)
    #expect(try scratch.names.isEmpty)
    try elsewhere.move(name, to: scratch.folder, as: "b")
    #expect(try scratch.read("b") == text)
    #expect(try !elsewhere.exists(name))
    try shell("ln -s b link; mkfifo pipe; ln b twin", in: scratch.url)
    for odd in ["link", "pipe", "twin"] as [EntryName] {
      #expect(fault { try scratch.folder.move(odd, to: elsewhere, as: name) } != nil)
      #expect(try scratch.folder.exists(odd) && !elsewhere.exists(name))
    }
  }

  @Test func aTreeIsRemovedButNotWhatItsLinksLeadTo() throws {
    try scratch.write("keep", as: "kept")
    _ = try scratch.folder.subfolder("t", create: 0o700).subfolder("u", create: 0o700)
    for number in 0..<2_500 { try scratch.write("", as: "t/u/\(number)") }
    symlink(scratch.path("kept"), scratch.path("t/link"))
    symlink("..", scratch.path("t/up"))
    try scratch.folder.removeTree("t")
    #expect(try scratch.names == ["kept"])
    try scratch.folder.removeTree("t")
  }

  @Test func aFolderThatOthersCanWriteToIsNotTrusted() throws {
    let sub = try scratch.folder.subfolder("sub", create: 0o777)
    #expect(fault { try sub.requireTrusted() } == .exposed)
    chmod(scratch.path("sub"), 0o755)
    #expect(fault { try sub.requireTrusted() } == nil)
  }

  @Test func freeSpaceIsKnown() throws {
    #expect(try scratch.folder.freeBytes() > 0)
  }
}
