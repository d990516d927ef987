import Tarballs

/// Who was left out and why, nine bytes each until it is written.
struct RejectList {
  private var ids: [Int64] = []
  private var reasons: [UInt8] = []

  mutating func append(_ id: Int64, _ reason: LeftOut) {
    ids.append(id)
    reasons.append(reason.rawValue)
  }

  /// Adds `rejects.ndjson`: one object a line, in ascending id. A tar wants the size first, so the
  /// lines are made twice, a piece at a time.
  func write(to tar: TarZstdWriter) throws {
    var size = 0
    forEachPiece { size += $0.count }
    try tar.add("rejects.ndjson", size: Int64(size)) { write in
      try forEachPiece { piece in try piece.withUnsafeBytes { try write($0) } }
    }
  }

  private func forEachPiece(_ body: ([UInt8]) throws -> Void) rethrows {
    var piece: [UInt8] = []
    for (id, reason) in zip(ids, reasons) {
      let code = LeftOut(rawValue: reason)?.code ?? ""
      piece += "{\"id\": \(id), \"reason\": \"\(code)\"}\n".utf8
      guard piece.count > 60_000 else { continue }
      try body(piece)
      piece.removeAll(keepingCapacity: true)
    }
    if !piece.isEmpty { try body(piece) }
  }
}
