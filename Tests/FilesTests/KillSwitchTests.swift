import Files
import Foundation
import Testing

@Suite struct KillSwitchTests {
  let scratch: Scratch
  /// Where the build put the library and the probe: beside the tests themselves.
  let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  init() throws { scratch = try Scratch() }

  /// Runs a program under the switch; its exit status, or -9 if it was killed.
  private func run(_ program: String, _ arguments: [String], _ settings: [String: String]) throws
    -> Int32
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = scratch.url
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let library = products.appendingPathComponent("libKillSwitch.so").path
    try #require(FileManager.default.fileExists(atPath: library), "the switch was not built")
    process.environment = settings.merging(["LD_PRELOAD": library]) { $1 }
    try process.run()
    process.waitUntilExit()
    let isKilled = process.terminationReason == .uncaughtSignal
    return isKilled ? -process.terminationStatus : process.terminationStatus
  }

  private func publish(_ settings: [String: String]) throws -> Int32 {
    let probe = products.appendingPathComponent("FilesProbe").path
    let under = settings.merging(["KILL_UNDER": scratch.url.path]) { $1 }
    return try run(probe, [scratch.url.path, "new text"], under)
  }

  /// How many changes one publication makes.
  private func changes() throws -> Int {
    let other = try Scratch()
    let settings = ["KILL_COUNT_FILE": other.path("count")]
    #expect(try publish(settings) == 0)
    return try #require(Int(other.read("count")))
  }

  @Test func aStockCommandIsKilledBeforeItsChange() throws {
    try scratch.write("x", as: "a")
    #expect(try run("/bin/mv", ["a", "b"], ["KILL_AT": "1"]) == -9)
    #expect(try scratch.names == ["a"])
    #expect(try run("/bin/mv", ["a", "b"], ["FAIL_AT": "1", "FAIL_ERRNO": "ENOSPC"]) == 1)
    #expect(try scratch.names == ["a"])
    #expect(try run("/bin/mv", ["a", "b"], ["KILL_AT": "99"]) == 0)
    #expect(try scratch.names == ["b"])
  }

  @Test func aPublicationThatIsKilledLeavesTheOldFileOrTheNew() throws {
    let steps = try changes()
    #expect(steps >= 5)
    var seen: Set<String> = []
    for step in 1...steps {
      try scratch.write("old text", as: "published")
      #expect(try publish(["KILL_AT": "\(step)"]) == -9)
      seen.insert(try scratch.read("published"))
      try scratch.folder.removeLeftovers()
      #expect(try scratch.names == ["published"])
    }
    #expect(seen == ["old text", "new text"])
  }

  @Test(
    "fault 25: a full quota, or a disk that fails, leaves nothing half made",
    arguments: ["ENOSPC", "EIO", "EDQUOT", "EROFS"], ["0", "1"])
  func aDiskThatFailsLeavesNothingHalfMade(errno: String, sticky: String) throws {
    for step in 1...(try changes()) {
      try scratch.write("old text", as: "published")
      let settings = ["FAIL_AT": "\(step)", "FAIL_ERRNO": errno, "FAIL_STICKY": sticky]
      #expect(try publish(settings) == 4, "step \(step)")
      #expect(["old text", "new text"].contains(try scratch.read("published")))
      // Where no call succeeds any more, the temporary file cannot be removed either.
      if sticky == "1" { try scratch.folder.removeLeftovers() }
      #expect(try scratch.names == ["published"], "step \(step)")
    }
  }

  @Test(arguments: ["EINTR", "SHORT"]) func hiccupsAreOvercome(hiccup: String) throws {
    for step in 1...(try changes()) {
      #expect(try publish(["FAIL_AT": "\(step)", "FAIL_ERRNO": hiccup]) == 0, "step \(step)")
      #expect(try scratch.read("published") == "new text")
      #expect(try scratch.names == ["published"])
    }
  }
}
