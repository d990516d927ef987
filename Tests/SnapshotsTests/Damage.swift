import Foundation

/// Damages bytes at random places. `AIRLOCK_SEED` repeats a run.
struct Damage {
  let seed: UInt64
  private var state: UInt64
  /// Bytes that a parser may stumble over.
  private let interesting: [UInt8]

  init(_ interesting: [UInt8]) {
    let given = ProcessInfo.processInfo.environment["AIRLOCK_SEED"].flatMap(UInt64.init)
    seed = given ?? UInt64.random(in: 1...UInt64.max)
    (state, self.interesting) = (seed, interesting)
    print("AIRLOCK_SEED=\(seed)")
  }

  /// One to three bytes changed, put in, taken out, or a piece doubled.
  mutating func damage(_ bytes: inout [UInt8]) {
    for _ in 0...below(3) {
      let place = below(bytes.count)
      let byte = interesting[below(interesting.count)]
      switch below(4) {
      case 0: bytes[place] = byte
      case 1: bytes.insert(byte, at: place)
      case 2: bytes.remove(at: place)
      default: bytes.insert(contentsOf: bytes[place...].prefix(below(40)), at: place)
      }
    }
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// SplitMix64: the same numbers for the same seed, everywhere.
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
