import JSONText
import Tarballs

/// `operations.ndjson`: one operation a line, as canonical JSON. A tar wants the size first, so the
/// lines are made twice, a piece at a time.
struct OperationLines {
  private let operations: PatchOperations
  /// `"NAME","value":"` and so on, made once.
  private let types: [[UInt8]]

  init(_ operations: PatchOperations) {
    self.operations = operations
    types = operations.types.map { JSON.string($0).canonical() }
  }

  func write(to tar: TarZstdWriter) throws {
    var size = 0
    forEachPiece { size += $0.count }
    try tar.add("operations.ndjson", size: Int64(size)) { write in
      try forEachPiece { piece in try piece.withUnsafeBytes { try write($0) } }
    }
  }

  private func forEachPiece(_ body: ([UInt8]) throws -> Void) rethrows {
    var pieces = Pieces()
    var number = 0
    for rows in [operations.adds, operations.sets] {
      for row in rows {
        number += 1
        appendToken(row, number, to: &pieces.bytes)
        try pieces.flush(body)
      }
    }
    for row in operations.unlinks {
      number += 1
      appendUnlink(row, number, to: &pieces.bytes)
      try pieces.flush(body)
    }
    try pieces.flush(body, isLast: true)
  }

  /// Of a row to add, or to fill.
  private func appendToken(_ row: PatchOperations.Row, _ number: Int, to out: inout [UInt8]) {
    out += row.regID > 0 ? Self.set : Self.add
    appendProof(row, to: &out)
    if row.regID > 0 { append(Self.id, row.regID, to: &out) }
    append(Self.model, Int64(number), to: &out)
    out += Self.values
    appendRow(row, to: &out)
    out += Self.end
  }

  private func appendProof(_ row: PatchOperations.Row, to out: inout [UInt8]) {
    out += Self.expect
    out += Self.type
    out += types[Int(row.proof.type)]
    out += Self.value
    operations.with(row.proof.value) { CanonicalText.escape($0, into: &out) }
    out += Self.quoteBrace
  }

  private func appendUnlink(
    _ row: PatchOperations.Row, _ number: Int, to out: inout [UInt8]
  ) {
    out += Self.unlink
    appendRow(row, to: &out)
    if row.regID > 0 { append(Self.id, row.regID, to: &out) }
    append(Self.model, Int64(number), to: &out)
    out += Self.with
    out += types[Int(row.tokenType)]
    out += Self.value
    operations.withToken(of: row) { CanonicalText.escape($0, into: &out) }
    out += Self.close
  }

  /// `{"id_type":…,"partner_id":…,"value":…}`, or with `"partner_id/id"` and an external id.
  private func appendRow(_ row: PatchOperations.Row, to out: inout [UInt8]) {
    out += Self.type
    out += types[Int(row.type)]
    if row.isExternal {
      out += Self.externalPartner
      _ = operations.withExternalID(of: row) { CanonicalText.escape($0, into: &out) }
      out.append(UInt8(ascii: "\""))
    } else {
      append(Self.partner, row.registrant, to: &out)
    }
    out += Self.value
    operations.withValue(of: row) { CanonicalText.escape($0, into: &out) }
    out += Self.quoteBrace
  }

  private func append(_ key: [UInt8], _ number: Int64, to out: inout [UInt8]) {
    out += key
    out += String(number).utf8
  }

  private static let add = Array(#"{"do":"add""#.utf8)
  private static let set = Array(#"{"do":"set""#.utf8)
  private static let unlink = Array(#"{"do":"unlink","expect":"#.utf8)
  private static let expect = Array(#","expect":"#.utf8)
  private static let values = Array(#","values":"#.utf8)
  private static let id = Array(#","id":"#.utf8)
  private static let model = Array(#","model":"g2p.reg.id","operation":"#.utf8)
  private static let type = Array(#"{"id_type":"#.utf8)
  private static let partner = Array(#","partner_id":"#.utf8)
  private static let externalPartner = Array(#","partner_id/id":""#.utf8)
  private static let value = Array(#","value":""#.utf8)
  private static let quoteBrace = Array(#""}"#.utf8)
  private static let end = Array("}\n".utf8)
  private static let with = Array(#","with":{"id_type":"#.utf8)
  private static let close = Array("\"}}\n".utf8)
}

/// Bytes that are handed on some 60 KB at a time.
struct Pieces {
  var bytes: [UInt8] = []

  mutating func flush(_ body: ([UInt8]) throws -> Void, isLast: Bool = false) rethrows {
    guard bytes.count > 60_000 || isLast && !bytes.isEmpty else { return }
    try body(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
