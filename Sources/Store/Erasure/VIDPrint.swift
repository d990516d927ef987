internal import Secrets

// Proof of erasure: of a deleted VID a site keeps a keyed mark, its length and a keyed print, by
// which a scan of the site's own files knows the VID again wherever it stands, at any byte.
//
// The print says where to look, the mark says whether it is so: a finding is certain. Nothing here
// may ever keep, print or return the bytes of a VID.

/// The rolling hash: bytes as digits of a number to a secret base, modulo 2^61 - 1. The hash of the
/// next window follows from the one before in a few steps.
package struct VIDPrint: Sendable {
  package static let modulus: UInt64 = (1 << 61) - 1
  let base: UInt64

  /// Any number, brought into range.
  init(base: UInt64) { self.base = 2 + base % (Self.modulus - 2) }

  init(exactly base: UInt64) { self.base = base }

  /// The hash of all the bytes.
  func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0
    for byte in bytes { hash = Self.step(hash, base, UInt64(byte) + 1) }
    return hash
  }

  /// `hash * base + digit`, modulo 2^61 - 1; the digit is below 2^62.
  @inline(__always)
  static func step(_ hash: UInt64, _ base: UInt64, _ digit: UInt64) -> UInt64 {
    let product = hash.multipliedFullWidth(by: base)
    // 2^61 is 1 here, so that the upper bits are added to the lower ones.
    let upper = product.high &<< 3 | product.low &>> 61
    let sum = (product.low & modulus) &+ upper &+ digit
    let folded = (sum & modulus) &+ (sum &>> 61)
    return folded >= modulus ? folded &- modulus : folded
  }

  /// `base` to a power.
  func power(_ exponent: Int) -> UInt64 {
    (0..<exponent).reduce(1) { power, _ in Self.step(power, base, 0) }
  }
}
