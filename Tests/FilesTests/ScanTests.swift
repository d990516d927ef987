import Files
import Testing

@Suite struct ScanTests {
  @Test func aScanStopsWhenToldAndAtItsLimit() throws {
    let scratch = try Scratch()
    for number in 0..<50 { try scratch.write("", as: "\(number)") }
    #expect(try scratch.folder.scan { _ in true } == 50)
    #expect(try scratch.folder.scan(limit: 7) { _ in true } == 7)
    var seen = 0
    try scratch.folder.scan { _ in
      seen += 1
      return seen < 3
    }
    #expect(seen == 3)
  }

  @Test func namesAreOrderedAndBounded() throws {
    let scratch = try Scratch()
    for name in ["b", "a", "c"] { try scratch.write("", as: name) }
    #expect(try scratch.folder.names() == ["a", "b", "c"])
    #expect(fault { _ = try scratch.folder.names(limit: 2) } == .tooManyEntries)
    #expect(try scratch.folder.names(limit: 3).count == 3)
  }

  @Test func twoScansAtOnceDoNotDisturbEachOther() throws {
    let scratch = try Scratch()
    for number in 0..<20 { try scratch.write("", as: "\(number)") }
    var pairs = 0
    try scratch.folder.scan { _ in
      pairs += try scratch.folder.scan { _ in true }
      return true
    }
    #expect(pairs == 400)
  }
}
