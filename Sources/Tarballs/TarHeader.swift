/// What stands in a tar of ours before the bytes of a file: one block of POSIX ustar, and before it a
/// pax header of two blocks if the name or the size does not fit into that one. All of it follows
/// from the name and the size. So a reader needs no rules for modes, owners, times, types, links,
/// sparse maps or second ways to write a number: it makes the blocks anew, and compares.
struct TarHeader: Equatable {
  static let blockSize = 512
  /// As many bytes as a block has room for, by itself.
  private static let shortName = 100
  private static let longestName = 255
  private static let smallSizes: Int64 = 1 << 33

  let name: String
  let size: Int64

  /// Nil for what no tar of ours can hold: a name of no bytes, of more than 255, or with a zero.
  init?(name: String, size: Int64) {
    guard (1...TarHeader.longestName).contains(name.utf8.count), !name.utf8.contains(0), size >= 0
    else { return nil }
    (self.name, self.size) = (name, size)
  }

  /// One block, or three.
  var blocks: [UInt8] {
    let records = records
    let isSmall = size < TarHeader.smallSizes
    let own = TarHeader.block(name, isSmall ? size : 0, type: "0")
    guard !records.isEmpty else { return own }
    let filled = records + [UInt8](repeating: 0, count: TarHeader.blockSize - records.count)
    return TarHeader.block("pax", Int64(records.count), type: "x") + filled + own
  }

  /// Reads the header that begins with the block `first`.
  /// - Parameter next: gives the next block.
  /// - Throws: `corrupt` unless its blocks are those of some file; what `next` throws.
  init(_ first: [UInt8], next: () throws -> [UInt8]) throws {
    var blocks = first
    var records: [String: String] = [:]
    if first[156] == UInt8(ascii: "x") {
      blocks += try next()
      records = TarHeader.records(blocks[TarHeader.blockSize...])
      blocks += try next()
    }
    let own = blocks.suffix(TarHeader.blockSize)
    let start = own.startIndex
    let name = records["path"] ?? TarHeader.text(own[start..<(start + TarHeader.shortName)])
    let digits = records["size"] ?? TarHeader.text(own[(start + 124)..<(start + 135)])
    let size = Int64(digits, radix: records["size"] == nil ? 8 : 10)
    guard let size, let header = TarHeader(name: name, size: size), header.blocks == blocks else {
      throw TarballFault(.corrupt, "the tar has a header that is not ours")
    }
    self = header
  }

  /// `LENGTH KEY=VALUE\n`, LENGTH that of the whole record.
  private var records: [UInt8] {
    var records = ""
    if name.utf8.count > TarHeader.shortName { records += TarHeader.record("path", name) }
    if size >= TarHeader.smallSizes { records += TarHeader.record("size", String(size)) }
    return Array(records.utf8)
  }

  private static func record(_ key: String, _ value: String) -> String {
    let rest = " \(key)=\(value)\n"
    var length = rest.utf8.count + 1
    while String(length).utf8.count + rest.utf8.count != length { length += 1 }
    return "\(length)\(rest)"
  }

  /// The values of records, whatever their lengths say: that is found out by writing them again.
  private static func records(_ bytes: ArraySlice<UInt8>) -> [String: String] {
    var records: [String: String] = [:]
    for line in bytes.split(separator: 0x0A) {
      let text = String(decoding: line, as: UTF8.self)
      guard let space = text.firstIndex(of: " "), let sign = text.firstIndex(of: "="), space < sign
      else { continue }
      records[String(text[text.index(after: space)..<sign])] = String(
        text[text.index(after: sign)...])
    }
    return records
  }

  private static func text(_ field: ArraySlice<UInt8>) -> String {
    String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func block(_ name: String, _ size: Int64, type: Character) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: blockSize)
    func put(_ text: some Sequence<UInt8>, at offset: Int) {
      for (index, byte) in text.enumerated() { block[offset + index] = byte }
    }
    put(name.utf8.prefix(shortName), at: 0)
    put("0000644".utf8, at: 100)  // mode
    put("0000000".utf8, at: 108)  // owner
    put("0000000".utf8, at: 116)  // group
    put(octal(size, 11).utf8, at: 124)
    put("00000000000".utf8, at: 136)  // time
    put("        ".utf8, at: 148)
    put(String(type).utf8, at: 156)
    put("ustar\u{0}00".utf8, at: 257)
    let sum = block.reduce(0) { $0 + Int64($1) }
    put("\(octal(sum, 6))\u{0} ".utf8, at: 148)
    return block
  }

  private static func octal(_ number: Int64, _ width: Int) -> String {
    let digits = String(number, radix: 8)
    return String(repeating: "0", count: width - digits.utf8.count) + digits
  }
}
