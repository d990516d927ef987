/// One value of a row, as it will be bound: 16 plain bytes. Text points into its batch.
@frozen package struct Cell: BitwiseCopyable {
  package enum Kind: UInt8, BitwiseCopyable {
    case null, integer, real, text
    /// JSON text of a value that is no scalar.
    case json
    /// In a delta: the record does not name the field.
    case absent
  }

  package var payload: UInt64
  package var length: UInt32
  package var kind: Kind

  @inlinable package init(_ kind: Kind, payload: UInt64 = 0, length: UInt32 = 0) {
    self.payload = payload
    self.length = length
    self.kind = kind
  }

  @inlinable package static var null: Cell { Cell(.null) }

  @inlinable package static func integer(_ number: Int64) -> Cell {
    Cell(.integer, payload: UInt64(bitPattern: number))
  }

  @inlinable package static func real(_ number: Double) -> Cell {
    Cell(.real, payload: number.bitPattern)
  }

  @inlinable package static func text(
    _ bytes: UnsafePointer<CChar>?, _ length: UInt32, kind: Kind = .text
  ) -> Cell {
    Cell(kind, payload: UInt64(UInt(bitPattern: bytes)), length: length)
  }

  @inlinable package var integer: Int64 { Int64(bitPattern: payload) }
  @inlinable package var real: Double { Double(bitPattern: payload) }

  /// The text's UTF-8, not NUL-terminated; valid as long as its batch is not cleared.
  @inlinable package var bytes: UnsafePointer<CChar>? {
    UnsafePointer(bitPattern: UInt(payload))
  }
}
