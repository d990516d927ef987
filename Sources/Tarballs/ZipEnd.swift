/// The record that ends a zip (APPNOTE.TXT, 4.3.16). A zip read as a stream is read by its local
/// headers; that this record is there, and counts as many entries, says that it is all there.
enum ZipEnd {
  private static let length = 22

  /// Throws `cutShort` if `tail` does not end with the record, `corrupt` if it counts otherwise.
  static func require(in tail: [UInt8], entries: Int) throws(TarballFault) {
    guard let start = position(in: tail) else {
      throw TarballFault(.cutShort, "the zip ends without its end record")
    }
    let counted = number(tail, start + 10)
    guard counted == entries & 0xFFFF || counted == 0xFFFF else {
      throw TarballFault(
        .corrupt, "the zip holds \(entries) entries, but its directory lists \(counted)")
    }
  }

  /// The record ends with a comment whose length it gives: only a record that reaches exactly to
  /// the end counts.
  private static func position(in tail: [UInt8]) -> Int? {
    let first = max(0, tail.count - length - 0xFFFF)
    let last = tail.count - length
    guard last >= first else { return nil }
    return (first...last).reversed().first { start in
      tail[start...].starts(with: [0x50, 0x4B, 0x05, 0x06])
        && start + length + number(tail, start + 20) == tail.count
    }
  }

  private static func number(_ bytes: [UInt8], _ at: Int) -> Int {
    Int(bytes[at]) | Int(bytes[at + 1]) << 8
  }
}
