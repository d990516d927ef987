/// A table whose lines end with carriage returns alone, as old spreadsheets of the Macintosh wrote
/// them: outside of quotes they become line feeds.
struct LoneReturns: Recoder {
  private var isQuoted = false

  /// Whether the text has lines that end so, and none that end otherwise.
  init?(_ start: ArraySlice<UInt8>) {
    var isQuoted = false
    var found = false
    for (index, byte) in zip(start.indices, start) {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard !isQuoted else { continue }
      if byte == 0x0A { return nil }
      // The last byte may be half of CR LF.
      found = found || (byte == 0x0D && index < start.endIndex - 1)
    }
    guard found else { return nil }
  }

  mutating func take(_ bytes: ArraySlice<UInt8>, into out: inout [UInt8]) {
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      out.append(byte == 0x0D && !isQuoted ? 0x0A : byte)
    }
  }

  mutating func end(into out: inout [UInt8]) {}
}
