import Fixtures
import Foundation

extension Data {
  /// The bytes of an SQLite file with up to 40 of them changed: where the heads of pages and their
  /// pointers are, most of the time.
  func damaged(pageSize: Int, _ random: inout Seeded) -> Data {
    var bytes = self
    for _ in 1...Int.random(in: 1...40, using: &random) {
      let page = Int.random(in: 0..<(bytes.count / pageSize), using: &random)
      let place = Int.random(in: 0..<(Bool.random(using: &random) ? 40 : pageSize), using: &random)
      bytes[pageSize * page + place] = UInt8.random(in: .min ... .max, using: &random)
    }
    return bytes
  }
}
