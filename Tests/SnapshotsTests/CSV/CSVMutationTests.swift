import Fixtures
import Foundation
import Testing

@testable import Snapshots

/// Damaged CSV: whatever happens to the bytes, they are read or refused. `AIRLOCK_SEED` repeats a
/// run.
struct CSVMutationTests {
  private static let files = [
    "small/res.partner.export_import_compatible.csv", "small/res.partner.export_plain.csv",
    "small/res_partner.copy.csv", "small/res_partner_joined.copy.csv",
  ]
  private static let interesting =
    Array("\",\n\r;\t'=0-.tf \u{0}/".utf8) + [0xEF, 0xBB, 0xFF, 0xC3]

  @Test("A damaged file is read or refused, and nothing else", arguments: files)
  func mutations(_ file: String) throws {
    let given = ProcessInfo.processInfo.environment["AIRLOCK_SEED"].flatMap(UInt64.init)
    let seed = given ?? UInt64.random(in: 1...UInt64.max)
    print("AIRLOCK_SEED=\(seed)")
    var random = Numbers(state: seed)
    let whole = try Data(contentsOf: URL(fileURLWithPath: Fixture.path(file)))
    let good = Array(whole.prefix(4_000))
    var (tried, refused) = (0, 0)
    for _ in 0..<1_000 {
      var bytes = [UInt8(truncatingIfNeeded: random.next())] + good
      for _ in 0...Int(random.next() % 3) { mutate(&bytes, &random) }
      let records = try bytes.withUnsafeBytes { try SnapshotFuzz.read($0) }
      tried += 1
      refused += records == nil ? 1 : 0
    }
    #expect(tried == 1_000 && refused > 100, "seed \(seed): \(refused) refused")
  }

  @Test("The undamaged files are read through the same door", arguments: files)
  func good(_ file: String) throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: Fixture.path(file)))
    for size: UInt8 in [0, 1, 255] {
      let bytes = [size] + Array(whole)
      #expect(try bytes.withUnsafeBytes { try SnapshotFuzz.read($0) } ?? 0 > 50)
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout Numbers) {
    let place = 1 + Int(random.next() % UInt64(bytes.count - 1))
    let byte = Self.interesting[Int(random.next() % UInt64(Self.interesting.count))]
    switch random.next() % 4 {
    case 0: bytes[place] = byte
    case 1: bytes.insert(byte, at: place)
    case 2: bytes.remove(at: place)
    default: bytes.insert(contentsOf: bytes[place...].prefix(Int(random.next() % 40)), at: place)
    }
  }

  /// SplitMix64: the same numbers for the same seed, everywhere.
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}
