import Files
import Fixtures
import Foundation
import Inbox
import Testing

/// Whose turn it is when the inbox is crowded.
struct TurnsTests {
  private let folder: TemporaryFolder
  private let start = ContinuousClock.now

  init() throws { folder = try TemporaryFolder() }

  private func scan() throws -> InboxScan { InboxScan(try Folder(path: folder.path), quiet: .zero) }

  @Test("fault 14: a manifest behind any number of complete junk files is claimed in the next look")
  func junk() throws {
    for number in 0..<500 { try folder.write("junk", as: "a\(number).json") }
    try folder.write("{\"airlock\": \"job\"}", as: "z.json")
    var scan = try scan()
    var look = try scan.look(at: start, most: 50)
    #expect(look.ready.count == 50 && look.isFull)
    #expect(look.ready.contains("z.json"))
    for name in look.ready { #expect(unlink(folder(name.text ?? "")) == 0) }
    try folder.write("[{\"id\": 1, \"is_registrant\": true}]", as: "zz.json")
    look = try scan.look(at: start, most: 50)
    #expect(look.ready.count == 50 && !look.ready.contains("zz.json"), "from the queue")
    look = try scan.look(at: start + .seconds(1), most: 50)
    #expect(look.ready.contains("zz.json"), "a newcomer's turn comes with the next look")
  }

  @Test("fault 14: junk is dealt with too while drops that look meant keep coming")
  func noStarvation() throws {
    for number in 0..<100 { try folder.write("[]", as: "a\(number).json") }
    for number in 0..<100 { try folder.write("junk", as: "b\(number).json") }
    var scan = try scan()
    let ready = try scan.look(at: start, most: 40).ready
    #expect(ready.count { $0.bytes.first == UInt8(ascii: "a") } == 30)
    #expect(ready.count { $0.bytes.first == UInt8(ascii: "b") } == 10)
  }

  @Test("A manifest never overtakes the snapshot that was dropped before it")
  func order() throws {
    try folder.write("[{\"id\": 1, \"is_registrant\": true}]", as: "z-snapshot.json")
    for number in 0..<100 { try folder.write("junk", as: "m\(number).json") }
    // The time of change is the order of dropping; it must differ.
    usleep(20_000)
    for number in 0..<20 { try folder.write("{\"airlock\": \"job\"}", as: "a\(number).json") }
    var scan = try scan()
    let ready = try scan.look(at: start, most: 8).ready
    #expect(ready.contains("z-snapshot.json"))
  }
}
