/// The bytes of one file on their way to the reader, perhaps changed.
protocol ByteStage: AnyObject {
  /// The next bytes, as many as there are at hand; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// The bytes of the file that an input has in hand.
final class PlainStage: ByteStage {
  private let input: any SnapshotInput

  init(_ input: any SnapshotInput) { self.input = input }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    try input.read(into: buffer)
  }
}

/// Bytes whose beginning is looked at before it is read. Once that has been given out, what follows
/// is read straight into the reader's own memory.
final class PeekedStage: ByteStage {
  private let inner: any ByteStage
  private(set) var ahead: ArraySlice<UInt8> = []

  init(_ inner: any ByteStage) { self.inner = inner }

  /// The first bytes, which stay to be read.
  func peek(_ count: Int) throws -> ArraySlice<UInt8> {
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while ahead.count < count {
      let room = min(piece.count, count - ahead.count)
      let got = try piece.withUnsafeMutableBytes { bytes in
        try inner.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<room]))
      }
      guard got > 0 else { break }
      ahead += piece[..<got]
    }
    return ahead
  }

  /// Takes off bytes that were looked at.
  func drop(_ count: Int) { ahead = ahead.dropFirst(count) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !ahead.isEmpty else { return try inner.read(into: buffer) }
    let piece = ahead.prefix(buffer.count)
    buffer.copyBytes(from: piece)
    ahead = ahead.dropFirst(piece.count)
    return piece.count
  }
}

/// Bytes that are made of others, a piece at a time.
final class RecodedStage: ByteStage {
  private static let pieceBytes = 64 << 10

  private let inner: any ByteStage
  private var recoder: any Recoder
  private var piece = [UInt8](repeating: 0, count: pieceBytes)
  private var ready: [UInt8] = []
  private var given = 0
  private var isAtEnd = false

  init(_ inner: any ByteStage, by recoder: any Recoder) {
    (self.inner, self.recoder) = (inner, recoder)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while given == ready.count, !isAtEnd { try refill() }
    let part = ready[given...].prefix(buffer.count)
    buffer.copyBytes(from: part)
    given += part.count
    return part.count
  }

  private func refill() throws {
    ready.removeAll(keepingCapacity: true)
    given = 0
    let count = try piece.withUnsafeMutableBytes { try inner.read(into: $0) }
    if count > 0 {
      try recoder.take(piece[..<count], into: &ready)
    } else {
      isAtEnd = true
      try recoder.end(into: &ready)
    }
  }
}

/// Makes other bytes of bytes, with what it must remember in between.
protocol Recoder {
  mutating func take(_ bytes: ArraySlice<UInt8>, into out: inout [UInt8]) throws
  mutating func end(into out: inout [UInt8]) throws
}
