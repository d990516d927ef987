import Files
import Testing

/// A `Stillness` that can be asked within an expectation.
private final class Observed {
  var stillness: Stillness

  init(quiet: Duration, capacity: Int = 500_000) {
    stillness = Stillness(quiet: quiet, capacity: capacity)
  }

  var count: Int { stillness.count }

  func observe(_ name: EntryName, _ stamp: FileStamp, at now: ContinuousClock.Instant) -> Bool {
    stillness.observe(name, stamp, at: now)
  }

  func nextMoment(after now: ContinuousClock.Instant) -> Duration? {
    stillness.nextMoment(after: now)
  }

  func endPass() { stillness.endPass() }
  func forget(_ name: EntryName) { stillness.forget(name) }
}

@Suite struct StillnessTests {
  let start = ContinuousClock.now

  private func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

  private func stamp(
    size: Int64 = 1, modified: Int = 0, changed: Int = 0, inode: UInt64 = 1
  ) -> FileStamp {
    FileStamp(
      size: size, modified: FileTime(seconds: modified, nanoseconds: 0),
      changed: FileTime(seconds: changed, nanoseconds: 0), device: 1, inode: inode)
  }

  @Test func aFileIsStillAfterTheQuietTimeAndNotBefore() {
    let folder = Observed(quiet: .seconds(5))
    #expect(!folder.observe("a", stamp(), at: at(0)))
    #expect(!folder.observe("a", stamp(), at: at(4)))
    #expect(folder.nextMoment(after: at(4)) == .seconds(1))
    #expect(folder.observe("a", stamp(), at: at(5)))
  }

  @Test(arguments: 0..<4) func anyChangeBeginsTheQuietTimeAnew(what: Int) {
    let changed = [stamp(size: 2), stamp(modified: 1), stamp(changed: 1), stamp(inode: 2)][what]
    let folder = Observed(quiet: .seconds(5))
    #expect(!folder.observe("a", stamp(), at: at(0)))
    #expect(!folder.observe("a", changed, at: at(4)))
    #expect(!folder.observe("a", changed, at: at(8)))
    #expect(folder.observe("a", changed, at: at(9)))
  }

  @Test("fault 3: an upload that stalls and resumes is not taken")
  func anUploadThatStallsAndResumesIsNotTaken() {
    let folder = Observed(quiet: .seconds(5))
    for second in 0..<100 {
      #expect(!folder.observe("a", stamp(size: Int64(second / 4)), at: at(second)))
    }
  }

  @Test("fault 4: an old modification time on a growing file proves nothing")
  func anOldModificationTimeProvesNothing() {
    let folder = Observed(quiet: .seconds(5))
    #expect(!folder.observe("a", stamp(modified: -1_000_000), at: at(0)))
    #expect(!folder.observe("a", stamp(size: 2, modified: -1_000_000), at: at(5)))
  }

  @Test(
    "fault 18: a modification time in 1969 or 2107, or in steps of two seconds, decides nothing",
    arguments: [-1, 4_323_000_000, 2])
  func oddModificationTimes(modified: Int) {
    let folder = Observed(quiet: .seconds(5))
    #expect(!folder.observe("a", stamp(modified: modified, changed: 1), at: at(0)))
    #expect(!folder.observe("a", stamp(modified: modified, changed: 2), at: at(4)))
    #expect(!folder.observe("a", stamp(modified: modified, changed: 2), at: at(8)))
    #expect(folder.observe("a", stamp(modified: modified, changed: 2), at: at(9)))
  }

  @Test func aNameThatVanishedBeginsAnew() {
    let folder = Observed(quiet: .seconds(5))
    _ = folder.observe("a", stamp(), at: at(0))
    folder.endPass()
    folder.endPass()
    #expect(folder.count == 0)
    #expect(!folder.observe("a", stamp(), at: at(6)))
  }

  @Test("fault 14: 200,000 restless files do not delay a good one")
  func junkDoesNotDelayAGoodFile() throws {
    let folder = Observed(quiet: .seconds(2))
    for pass in 0...2 {
      for number in 0..<200_000 {
        _ = folder.observe(
          try EntryName("junk\(number)"), stamp(size: Int64(pass)), at: at(pass))
      }
      #expect(folder.observe("good", stamp(), at: at(pass)) == (pass == 2))
      folder.endPass()
    }
  }

  @Test func whenThereAreMoreNamesThanPlacesEachGetsItsTurn() throws {
    let folder = Observed(quiet: .seconds(2), capacity: 100)
    var firstStill: Int?
    for pass in 0..<400 where firstStill == nil {
      for number in 0..<300 {
        let restless = stamp(size: Int64(pass))
        _ = folder.observe(try EntryName("junk\(number)"), restless, at: at(pass))
      }
      if folder.observe("good", stamp(), at: at(pass)) { firstStill = pass }
      folder.endPass()
      #expect(folder.count <= 100)
    }
    #expect(firstStill != nil)
  }

  @Test func aNameThatWasTakenBeginsAnew() {
    let folder = Observed(quiet: .zero)
    #expect(folder.observe("a", stamp(), at: at(0)))
    folder.forget("a")
    #expect(folder.count == 0)
  }
}
