import Fixtures
import Foundation
import Testing

@testable import Snapshots

/// Damaged CSV: whatever happens to the bytes, they are read or refused.
struct CSVMutationTests {
  private static let files = [
    "small/res.partner.export_import_compatible.csv", "small/res.partner.export_plain.csv",
    "small/res_partner.copy.csv", "small/res_partner_joined.copy.csv",
  ]
  private static let interesting =
    Array("\",\n\r;\t'=0-.tf \u{0}/".utf8) + [0xEF, 0xBB, 0xFF, 0xC3]

  @Test("A damaged file is read or refused, and nothing else", arguments: files)
  func mutations(_ file: String) throws {
    var damage = Damage(Self.interesting)
    let good = Array(try Data(contentsOf: URL(fileURLWithPath: Fixture.path(file))))
    var refused = 0
    for _ in 0..<1_000 {
      var bytes = good
      damage.damage(&bytes)
      if try records(bytes, batch: damage.below(4_000) + 1) == nil { refused += 1 }
    }
    #expect(refused > 100 && refused < 1_000, "seed \(damage.seed)")
  }

  @Test("The undamaged files are read in the same way", arguments: files)
  func good(_ file: String) throws {
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: Fixture.path(file))))
    for batch in [1, 17, 4_081] { #expect(try records(whole, batch: batch) ?? 0 > 50) }
  }

  /// How many registrants there are; nil if the file is refused, as only a `SnapshotFault` may say.
  private func records(_ bytes: [UInt8], batch: Int) throws -> Int? {
    var limits = SnapshotLimits()
    (limits.batchBytes, limits.recordBytes) = (batch, 1 << 16)
    let source = SnapshotSource(name: "drop") { TextSource(bytes: bytes, piece: 1 << 16) }
    do {
      return try SnapshotChecker.check(source, limits: limits).counts[SnapshotReader.mainModel]
    } catch is SnapshotFault {
      return nil
    }
  }
}
