import Faults
import Files
import Testing

@Suite struct NameTests {
  @Test(arguments: ["a", "res.partner.ndjson.gz", "A-1_b.json", String(repeating: "x", count: 200)])
  func aPlainNameMayBeDropped(name: String) throws {
    #expect(try DropName(name).text == name)
  }

  @Test(
    "fault 12: a hostile name is refused with its reason",
    arguments: [
      ("-rf", "starts with a dash"), (".x", "starts with a dot"), ("x.", "ends with a dot"),
      ("a b", "(byte 2)"), ("a\nb", "(byte 2)"), ("a\u{1B}[31m", "(byte 2)"), ("é", "(byte 1)"),
      ("e\u{301}", "(byte 2)"), ("a\u{202E}b", "(byte 2)"), ("a\\b", "(byte 2)"),
      ("a:b", "(byte 2)"),
      ("con", "device on Windows"), ("NUL.json", "device on Windows"),
      ("lpt1.x", "device on Windows"),
      (String(repeating: "x", count: 201), "longer than 200 bytes"), ("../x", "a path"),
      ("/etc/passwd", "a path"), ("", "an empty name"), ("..", "not a name"),
    ]) func ahostileNameIsRefusedWithItsReason(name: String, reason: String)
  {
    let thrown = #expect(throws: FileFault.self) { try DropName(name) }
    #expect(thrown?.kind == .badName)
    #expect(thrown?.message.contains(reason) == true, "\(thrown?.message ?? "-")")
  }

  @Test("fault 12: a name that is not UTF-8 is refused and printable")
  func aNameThatIsNotUTF8IsRefusedAndPrintable() throws {
    let name = try EntryName(utf8: [0x61, 0xFF, 0x1B])
    #expect(name.description == "a\\xFF\\x1B")
    #expect(name.text == nil)
    #expect(fault { _ = try DropName(name) } == .badName)
  }

  @Test func faultsNeverHoldARawControlCode() throws {
    let name: EntryName = "x\u{1B}]0;owned\u{7}\u{202E}\"\n"
    let scratch = try Scratch()
    let thrown = #expect(throws: FileFault.self) { try scratch.folder.remove(name) }
    #expect(thrown?.description.utf8.allSatisfy { (0x20...0x7E).contains($0) } == true)
  }

  @Test(
    "fault 148: what other systems leave in a shared folder, and unfinished transfers, are no drops",
    arguments: [
      "x.part", "x.FILEPART", "x.tmp", "x.json~", ".x", "._x", ".x.0123abcd.tmp",
      "x.1a2b3c4d.partial",
      "x.csv.crdownload", "x.!sync", "x.swp", ".~lock.x.csv#", ".DS_Store", "THUMBS.DB",
      "desktop.ini",
      "~$x.xlsx", "lost+found", "@eaDir", "#recycle", ".stfolder", "System Volume Information",
      "x~RF1a.TMP",
    ])
  func anUploadIsKnownByItsName(name: String) throws {
    #expect(try EntryName(name).isUpload)
  }

  @Test(arguments: [
    "x.json", "part", "x.parted", "tmp", "~x", "x.part.gz", "xThumbs.db", "found.csv", "$x",
  ])
  func aFinishedFileIsNoUpload(name: String) throws {
    #expect(try !EntryName(name).isUpload)
  }

  @Test("fault 13: what is put around the longest name of a drop fits")
  func whatIsPutAroundTheLongestDropNameFits() throws {
    let drop = try DropName(String(repeating: "x", count: DropName.longest))
    let verdict = try drop.entry.appending(".verdict.json")
    let scratch = try Scratch()
    try AtomicFile.write("{}", as: verdict, in: scratch.folder)
    #expect(try scratch.names == [verdict.description])
  }
}
