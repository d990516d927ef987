internal import Secrets

/// Where what stands in an archive's file. All of it follows from the header.
struct ArchiveLayout: Sendable {
  static let magic = Array("airlock archive v2\n".utf8)
  static let magicOfVersion1 = Array("airlock archive v1\n".utf8)
  static let magicStart = Array("airlock archive v".utf8)
  /// The longest header, without the newline behind it.
  static let maxHeader = 65_536
  /// The plaintext of every chunk but the last.
  static let chunk = 65_536
  static let sealedChunk = chunk + SecretStream.overhead
  /// 256 TiB: sizes stay far from overflow.
  static let maxPayload: Int64 = 1 << 48

  /// Magic line, header and newline: what every chunk is bound to.
  let preambleCount: Int
  let payloadCount: Int64

  /// How many chunks there are; none is empty.
  var chunks: Int64 { ArchiveLayout.chunks(of: payloadCount) }

  static func chunks(of payload: Int64) -> Int64 {
    max(1, (payload + Int64(chunk) - 1) / Int64(chunk))
  }

  /// The plaintext bytes of chunk `index`, from 0.
  static func plainCount(_ index: Int64, of payload: Int64) -> Int {
    Int(min(Int64(chunk), payload - index * Int64(chunk)))
  }

  /// The only length that the file can have.
  var fileCount: Int64 {
    Int64(preambleCount + SecretStream.headerCount) + payloadCount
      + chunks * Int64(SecretStream.overhead)
  }

  /// - Throws: `truncation` or `trailing_data` unless the file has that length.
  func check(fileCount found: Int64) throws(ArchiveFault) {
    if found < fileCount {
      throw ArchiveFault(
        .truncation, "cut_short",
        "the archive has \(found) bytes where its header says \(fileCount)",
        hint: "copy it again")
    }
    if found > fileCount {
      throw ArchiveFault(
        .trailingData, "trailing_data",
        "the archive has \(found - fileCount) bytes more than its header says")
    }
  }
}
