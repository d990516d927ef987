import Files
import Fixtures
import Foundation

@testable import Store

/// Folders of a site with made files, and a store of erased VIDs beside them.
struct ErasureSite {
  let tokens: TokenSite
  let folder: TemporaryFolder

  init() throws {
    tokens = try TokenSite()
    folder = try TemporaryFolder()
  }

  var prints: ErasedPrints {
    get throws { try ErasedPrints(tokens.tokens, tokens.hasher) }
  }

  func erase(_ vids: String...) throws { try erase(vids) }

  func erase(_ vids: [String]) throws { for vid in vids { try tokens.erase(vid, of: 1, id: 1) } }

  func write(_ text: String, as name: String) throws {
    let path = folder(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  func shell(_ line: String) throws {
    let result = try Tool.run("/bin/bash", ["-ec", line], in: folder.path)
    guard result.status == 0 else { throw CocoaError(.executableLoad) }
  }

  func scan(_ areas: EntryName..., limits: ErasureScan.Limits) throws -> ErasureReport {
    try ErasureScan.run(prints, over: areas, of: Folder(path: folder.path), limits: limits)
  }

  func scan(_ areas: EntryName..., pieceBytes: Int = 1 << 16) throws -> ErasureReport {
    var limits = ErasureScan.Limits()
    limits.pieceBytes = pieceBytes
    return try ErasureScan.run(
      prints, over: areas.isEmpty ? ["store"] : areas, of: Folder(path: folder.path),
      limits: limits)
  }

  /// Hits by file name.
  func hits(_ report: ErasureReport) -> [String: Int] {
    // What is short is packed as it is, and is found twice.
    Dictionary(
      report.findings.map { (($0.path as NSString).lastPathComponent, $0.hits) },
      uniquingKeysWith: max)
  }

  /// A plain search, in which values may overlap.
  func count(_ value: String, in bytes: [UInt8]) -> Int {
    let value = Array(value.utf8)
    guard bytes.count >= value.count else { return 0 }
    return (0...(bytes.count - value.count)).count {
      bytes[$0..<($0 + value.count)].elementsEqual(value)
    }
  }
}

/// Random numbers that a seed brings back.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Of two letters.
  mutating func text(_ count: Int) -> String {
    String(decoding: (0..<count).map { _ in UInt8(0x30 + next() % 2) }, as: UTF8.self)
  }
}
