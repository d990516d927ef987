import Files
import Glibc
import Testing

@Suite struct ChangeHintsTests {
  @Test(arguments: ["written", "moved in", "touched"])
  func aChangeEndsTheWait(change: String) throws {
    let scratch = try Scratch()
    let inbox = try scratch.folder.subfolder("inbox", create: 0o700)
    try scratch.write("", as: "x")
    let hints = try ChangeHints([inbox])
    #expect(hints.isHinted)
    switch change {
    case "written": try scratch.write("1", as: "inbox/a")
    case "moved in": rename(scratch.path("x"), scratch.path("inbox/x"))
    default: chmod(scratch.path("inbox"), 0o750)
    }
    #expect(hints.wait(upTo: .seconds(60)) == .changed)
    #expect(hints.wait(upTo: .zero) == .timeout)
  }

  @Test func wakingEndsThisWaitAndAllLaterOnes() throws {
    let hints = try ChangeHints([])
    hints.wake()
    #expect(hints.wait(upTo: .seconds(60)) == .stopped)
    #expect(hints.wait(upTo: .seconds(60)) == .stopped)
  }

  @Test func withoutHintsItIsAPlainTimedWait() throws {
    let hints = try ChangeHints([])
    #expect(!hints.isHinted)
    #expect(hints.wait(upTo: .milliseconds(1)) == .timeout)
    #expect(hints.wait(upTo: .seconds(-1)) == .timeout)
  }
}
