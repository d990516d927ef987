import Files
import Testing

@Suite struct StagedFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func aFileIsNotVisibleBeforeItIsCommitted() throws {
    let file = try StagedFile("x", in: scratch.folder)
    try file.write(Array("hello".utf8))
    try file.seal()
    #expect(try scratch.names == [file.temporaryName.description])
    try file.commit()
    #expect(try scratch.names == ["x"])
    #expect(try scratch.read("x") == "hello")
  }

  @Test func aFileThatIsDroppedLeavesNothing() throws {
    do {
      let file = try StagedFile("x", in: scratch.folder)
      try file.write([1, 2, 3])
    }
    #expect(try scratch.names == [])
  }

  @Test func aTakenNameIsRefusedAndTheTemporaryFileRemoved() throws {
    try scratch.write("old", as: "x")
    #expect(fault { try AtomicFile.write("new", as: "x", in: scratch.folder) } == .alreadyThere)
    #expect(try scratch.names == ["x"])
    #expect(try scratch.read("x") == "old")
    try AtomicFile.write("new", as: "x", in: scratch.folder, replacing: true)
    #expect(try scratch.read("x") == "new")
  }

  @Test(arguments: [0o600, 0o644, 0o666] as [UInt32])
  func theModeIsExactlyTheOneAskedFor(mode: UInt32) throws {
    try AtomicFile.write("x", as: "x", in: scratch.folder, mode: mode)
    #expect(try scratch.mode("x") == mode)
  }

  @Test func aSecondCommitOrALateWriteIsAMistake() throws {
    let file = try StagedFile("x", in: scratch.folder)
    try file.commit()
    #expect(fault { try file.commit() } == .misuse)
    #expect(fault { try file.write([1]) } == .misuse)
    #expect(try scratch.names == ["x"])
  }

  @Test func whatACrashLeftIsRemovedAndNothingElse() throws {
    let others = [".hidden", ".x.tmp", "x.01234567.tmp", ".x.0123456Z.tmp"]
    for name in others + [".x.json.01234abc.tmp"] { try scratch.write("", as: name) }
    #expect(try scratch.folder.removeLeftovers() == 1)
    #expect(try scratch.names == others.sorted())
  }

  @Test func aTemporaryNameIsRecognised() throws {
    for _ in 0..<200 {
      let file = try StagedFile("x.json", in: scratch.folder)
      #expect(file.temporaryName.isStaged && file.temporaryName.isUpload)
    }
  }
}
