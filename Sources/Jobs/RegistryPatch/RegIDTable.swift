import Tarballs

/// `reg_ids.csv`: the tokens alone, for Odoo's own import into `g2p.reg.id`. It is quoted as RFC
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

  /// Two tables where some registrants have ids of the database's and some have none: Odoo's import
  /// takes one column or the other for a link.
  func write(to tar: TarZstdWriter) throws {
    let isMixed = rows.contains(where: \.isExternal) && !rows.allSatisfy(\.isExternal)
    if isMixed {
      try write(rows.filter { !$0.isExternal }, isExternal: false, as: Self.name, to: tar)
      try write(rows.filter(\.isExternal), isExternal: true, as: Self.secondName, to: tar)
    } else {
      let isExternal = rows.first?.isExternal ?? false
      try write(rows, isExternal: isExternal, as: Self.name, to: tar)
    }
  }

  private var rows: [PatchOperations.Row] {
    // A row without a value, of a number that is not known, cannot be told to an import.
    operations.adds.filter { $0.regID == 0 } + operations.sets
  }

  private func write(
    _ rows: [PatchOperations.Row], isExternal: Bool, as name: String, to tar: TarZstdWriter
  ) throws {
    var size = 0
    forEachPiece(rows, isExternal) { size += $0.count }
    try tar.add(name, size: Int64(size)) { write in
      try forEachPiece(rows, isExternal) { piece in try piece.withUnsafeBytes { try write($0) } }
    }
  }

  private func forEachPiece(
    _ rows: [PatchOperations.Row], _ isExternal: Bool, _ body: ([UInt8]) throws -> Void
  ) rethrows {
    var pieces = Pieces()
    let hasIDs = rows.contains { $0.regID > 0 }
    pieces.bytes += (hasIDs ? ".id," : "").utf8
    pieces.bytes += (isExternal ? "partner_id/id" : "partner_id/.id").utf8
    pieces.bytes += Self.header
    var last: PatchOperations.Row?
    for row in rows {
      // Two VIDs may have given one token; an import would make two rows of it.
      if let last, operations.isSame(last, row) { continue }
      last = row
      if hasIDs { pieces.bytes += (row.regID > 0 ? "\(row.regID)," : ",").utf8 }
      append(row, to: &pieces.bytes)
      try pieces.flush(body)
    }
    try pieces.flush(body, isLast: true)
  }

  private func append(_ row: PatchOperations.Row, to out: inout [UInt8]) {
    if row.isExternal {
      _ = operations.withExternalID(of: row) { Self.append($0, to: &out) }
    } else {
      out += String(row.registrant).utf8
    }
    out.append(Self.comma)
    out += types[Int(row.type)]
    out.append(Self.comma)
    operations.withValue(of: row) { Self.append($0, to: &out) }
    out += Self.newline
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
  private static let header = Array(",id_type,value\r\n".utf8)
  private static let name = "reg_ids.csv"
  private static let secondName = "reg_ids.external.csv"
  private static let newline = Array("\r\n".utf8)
}
