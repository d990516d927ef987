/// The lengths that a payload may have. The exact length of packed text tells something of the text:
/// it is filled up with zeros, which are encrypted with the rest.
///
/// They are those of Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and
/// Communication with PURBs", PoPETs 2019, section 5): a length keeps as many leading bits as its
/// exponent has, and the rest is rounded up. It costs at most 6.3 %, from
/// 64 KiB on at most 3.1 %. All up to 4 KiB are of one class.
enum SizeClass {
  static let least: Int64 = 4_096

  /// The least length of all that has room for `count` bytes. Itself, if it is one of them.
  static func of(_ count: Int64) -> Int64 {
    guard count > least else { return least }
    let exponent = Int64.bitWidth - 1 - count.leadingZeroBitCount
    let kept = Int.bitWidth - exponent.leadingZeroBitCount
    let loose: Int64 = 1 << (exponent - kept) - 1
    return (count + loose) & ~loose
  }
}
