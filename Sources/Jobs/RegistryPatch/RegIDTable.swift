import Tarballs

/// `reg_ids.csv`: the additions alone, for Odoo's own import into `g2p.reg.id`. It is quoted as RFC
/// 4180 says, and no value is altered: what begins with `=`, `+`, `-` or `@` stays as it is, since
/// Odoo takes text for text; a spreadsheet is not the place to open it in.
struct RegIDTable {
  private let operations: PatchOperations
  private let types: [[UInt8]]

  init(_ operations: PatchOperations) {
    self.operations = operations
    types = operations.types.map { type in
      var cell: [UInt8] = []
      var type = type
      type.withUTF8 { Self.append($0, to: &cell) }
      return cell
    }
  }

  func write(to tar: TarZstdWriter) throws {
    var size = 0
    forEachPiece { size += $0.count }
    try tar.add("reg_ids.csv", size: Int64(size)) { write in
      try forEachPiece { piece in try piece.withUnsafeBytes { try write($0) } }
    }
  }

  private func forEachPiece(_ body: ([UInt8]) throws -> Void) rethrows {
    var pieces = Pieces()
    pieces.bytes += Self.header
    var last: PatchOperations.Row?
    for row in operations.adds {
      // Two VIDs may have given one token; an import would make two rows of it.
      if let last, operations.isSame(last, row) { continue }
      last = row
      pieces.bytes += String(row.registrant).utf8
      pieces.bytes.append(Self.comma)
      pieces.bytes += types[Int(row.type)]
      pieces.bytes.append(Self.comma)
      operations.withValue(of: row) { Self.append($0, to: &pieces.bytes) }
      pieces.bytes += Self.newline
      try pieces.flush(body)
    }
    try pieces.flush(body, isLast: true)
  }

  /// Quoted wherever a reader might take the bare text for anything else.
  private static func append(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
    let isBare = text.allSatisfy { $0 > 0x20 && $0 != quote && $0 != comma && $0 != 0x3B }
    guard !isBare || text.isEmpty else { return out.append(contentsOf: text) }
    out.append(quote)
    for byte in text {
      if byte == quote { out.append(quote) }
      out.append(byte)
    }
    out.append(quote)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let header = Array("partner_id/.id,id_type,value\r\n".utf8)
  private static let newline = Array("\r\n".utf8)
}
