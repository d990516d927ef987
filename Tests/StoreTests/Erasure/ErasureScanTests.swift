import Files
import Fixtures
import Foundation
import Testing

@testable import Store

/// A scan finds what is there, wherever in a file, and nothing else.
struct ErasureScanTests {
  private let site: ErasureSite
  init() throws { site = try ErasureSite() }

  @Test(
    "fault 90: a VID is found at a file's start, its end, across pieces, and overlapping another")
  func places() throws {
    try site.erase("440000", "000044", "a-longer-vid-0001")
    try site.write("440000....", as: "store/start")
    try site.write("....440000", as: "store/end")
    try site.write("440000", as: "store/all")
    try site.write("44000044", as: "store/overlapping")
    try site.write(String(repeating: ".", count: 60) + "a-longer-vid-0001..", as: "store/across")
    try site.write("44000a-longer-vid-000", as: "store/nothing")
    try site.write("", as: "store/empty")
    let report = try site.scan(pieceBytes: 64)
    #expect(
      site.hits(report)
        == ["all": 1, "across": 1, "end": 1, "overlapping": 2, "start": 1])
    #expect(report.areas.map(\.files) == [7] && report.areas.map(\.folders) == [1])
    #expect(report.areas.first?.bytes == 134)
    #expect(report.isWhole && report.lengths == 2 && report.erased == 3)
  }

  @Test("fault 90: a scan counts what a plain search counts, whatever the bytes and pieces")
  func random() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix(seed: seed)
    // Few letters, so that values overlap, and stand across pieces.
    let values = (0..<12).map { _ in random.text(6 + Int(random.next() % 5)) }
    try site.erase(values)
    let distinct = Set(values)
    var all = 0
    for round in 0..<40 {
      let text = random.text(Int(random.next() % 3_000))
      let bytes = Array(text.utf8)
      let naive = distinct.map { site.count($0, in: bytes) }.reduce(0, +)
      let piece = 1 + Int(random.next() % 200)
      var rest = bytes[...]
      let found = try site.prints.hits(pieceBytes: piece) { room in
        let count = min(rest.count, room.count, 1 + Int(random.next() % 40))
        room.copyBytes(from: rest.prefix(count))
        rest = rest.dropFirst(count)
        return count
      }
      #expect(found.hits == naive && found.bytes == bytes.count, "round \(round), seed \(seed)")
      all += naive
    }
    #expect(all > 0, "seed \(seed)")
  }

  @Test("fault 90: a print that another value has as well is no finding: the mark decides")
  func colliding() throws {
    let hasher = try site.tokens.hasher
    var other = "not-deleted-0001"
    let print = try other.withUTF8 { bytes in
      // The mark of one VID, and the rolling hash of another value.
      let mark = try site.tokens.mark("deleted-vid-0001")
      return Int64(hasher.rolling.hash(bytes) ^ hasher.uncovered(0, of: mark))
    }
    try site.tokens.tokens.erase([
      ErasedVID(
        vid: try site.tokens.mark("deleted-vid-0001"), registrant: 1, regID: 1, at: 0, policy: "p",
        run: nil, length: 16, print: print)
    ])
    try site.write("..not-deleted-0001..", as: "store/file")
    let report = try site.scan()
    #expect(report.erased == 1 && report.found == 0)
  }

  @Test("fault 90: held drops are unpacked, and what is in them is found")
  func packed() throws {
    try site.erase("VID-ANA-5501")
    try site.write("{\"vid\": \"VID-ANA-5501\"}\n", as: "inbox/rejected/drop.json")
    try site.shell(
      """
      cd inbox/rejected; zip -q a.zip drop.json; gzip -k drop.json; zstd -q drop.json
      tar -cf b.tar drop.json; xz -k b.tar; head -c 40 a.zip > cut.zip; rm drop.json
      """)
    let report = try site.scan("inbox")
    #expect(
      site.hits(report)
        == ["a.zip": 1, "b.tar": 1, "b.tar.xz": 1, "drop.json.gz": 1, "drop.json.zst": 1])
    #expect(report.findings.filter { $0.kind == .packed }.count == 4)
    #expect(report.skipped == [.notUnpacked: 1] && !report.isWhole)
    #expect(report.doubtful == ["inbox/rejected/cut.zip"])
  }

  @Test("fault 90: keys are never opened, links not followed, pipes not waited for")
  func passedOver() throws {
    try site.erase("VID-ANA-5501")
    try site.write("VID-ANA-5501", as: "keys/identity.json")
    try site.write("VID-ANA-5501", as: "elsewhere")
    try site.shell("cd keys; cp identity.json .identity.json.tmp; ln -s ../elsewhere x; mkfifo p")
    let report = try site.scan("keys", "gone")
    #expect(report.found == 0 && report.isWhole)
    #expect(report.skipped == [.secretKey: 2, .symbolicLink: 1, .special: 1])
  }

  @Test("fault 90: a name that holds a VID is found, and not told")
  func inName() throws {
    try site.erase("VID-ANA-5501")
    try site.write("x", as: "inbox/VID-ANA-5501.json")
    let report = try site.scan("inbox")
    #expect(report.findings.map(\.kind) == [.name])
    #expect(!"\(report)".contains("VID-ANA"))
  }

  @Test("Archives sealed to others are counted; those sealed to the site are a finding")
  func sealed() throws {
    try site.erase("VID-ANA-5501")
    for name in ["outbox/a.sealed", "outbox/a.sealed.minisig", "store/archive/b.sealed"] {
      try site.write("sealed", as: name)
    }
    let report = try site.scan("outbox", "store")
    #expect(report.sealedToOthers == 1)
    #expect(
      report.findings == [.init(path: "store/archive/b.sealed", kind: .sealedToSite, hits: 0)])
  }

  @Test("A scan goes to so many files and so deep, and says where it stopped")
  func bounded() throws {
    try site.erase("VID-ANA-5501", "short", "x")
    for number in 0..<9 { try site.write("x", as: "store/\(number)") }
    try site.write("VID-ANA-5501", as: "store/a/b/c/d")
    var limits = ErasureScan.Limits()
    limits.depth = 2
    let deep = try site.scan("store", limits: limits)
    #expect(deep.skipped == [.beyondLimit: 1] && deep.doubtful == ["store/a/b/c"])
    #expect(deep.unsearchable == 2 && deep.erased == 1, "what is short stands anywhere by chance")
    limits.files = 5
    let few = try site.scan("store", limits: limits)
    #expect(!few.isWhole && (few.areas.first?.files ?? 9) <= 5)
  }

  @Test("What a scan needs does not grow with the file")
  func memory() throws {
    try site.erase("VID-ANA-5501")
    var (most, left) = (0, 64 << 20)
    let found = try site.prints.hits(pieceBytes: 1 << 20) { room in
      most = max(most, room.count)
      let count = min(room.count, left)
      room[..<count].initializeMemory(as: UInt8.self, repeating: 0x20)
      left -= count
      return count
    }
    #expect(found.bytes == 64 << 20 && most <= 1 << 20)
  }
}
