internal import Secrets

/// A drop whose head is taken off: what is read of it are its records.
///
/// Of an NDJSON file the line break after the head stays, so that lines keep their numbers.
final class HeadedInput: SnapshotInput {
  private static let markBytes = 4 << 10

  private let inner: any SnapshotInput
  private let file: String
  private let limits: SnapshotLimits
  private(set) var head: SnapshotHead?
  private var isStarted = false
  /// What was read ahead and not given out yet.
  private var ahead: ArraySlice<UInt8> = []

  init(_ inner: any SnapshotInput, file: String, limits: SnapshotLimits) {
    self.inner = inner
    self.file = file
    self.limits = limits
  }

  var isArchive: Bool { inner.isArchive }
  var table: TableForm { inner.table }
  var notes: [String] { inner.notes }
  func passOver(folder: String) { inner.passOver(folder: folder) }
  var passedOver: Int { inner.passedOver }
  func finish() throws -> Digest { try inner.finish() }

  func next() throws -> String? {
    ahead = []
    let name = try inner.next()
    guard !isStarted, let name else { return name }
    if inner.isArchive {
      // What is no entry of a registry is judged by whoever reads it.
      let role = try? EntryRole(name)
      guard role?.isPassedOver != true else { return name }
      isStarted = true
      guard role == .head else { return name }
      let text = try inner.readAll(limit: limits.descriptionBytes)
      head = try SnapshotHead(text, file: name, limits: limits)
      return try inner.next()
    }
    isStarted = true
    try takeLine()
    return name
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !ahead.isEmpty else { return try inner.read(into: buffer) }
    let piece = ahead.prefix(buffer.count)
    buffer.copyBytes(from: piece)
    ahead = ahead.dropFirst(piece.count)
    return piece.count
  }

  /// The first bytes of the file or entry in hand, which stay to be read.
  func peek(_ count: Int) throws -> [UInt8] {
    _ = try readAhead(upTo: count)
    return Array(ahead.prefix(count))
  }

  /// Takes the first line off, if it is a head.
  private func takeLine() throws {
    guard Self.beginsWithMark(try peek(Self.markBytes)) else { return }
    var limit = 64 << 10
    var end = ahead.firstIndex(of: 0x0A)
    while end == nil, try readAhead(upTo: limit) {
      guard ahead.count <= limits.descriptionBytes else {
        throw SnapshotFault(.badHead, "the head is too large", at: SnapshotPlace(file, line: 1))
      }
      limit = ahead.count * 2
      end = ahead.firstIndex(of: 0x0A)
    }
    let line = Array(ahead[..<(end ?? ahead.endIndex)].drop { $0 != UInt8(ascii: "{") })
    head = try SnapshotHead(line, file: file, limits: limits)
    ahead = ahead[(end ?? ahead.endIndex)...]
  }

  /// Reads on until so much lies ahead; false if nothing came.
  private func readAhead(upTo count: Int) throws -> Bool {
    let before = ahead.count
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while ahead.count < count {
      let room = min(piece.count, count - ahead.count)
      let got = try piece.withUnsafeMutableBytes { bytes in
        try inner.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<room]))
      }
      guard got > 0 else { break }
      ahead += piece[..<got]
    }
    return ahead.count > before
  }

  private static func beginsWithMark(_ text: [UInt8]) -> Bool {
    var rest = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text[...]
    rest = rest.drop(while: Blank.matches)
    guard rest.first == UInt8(ascii: "{") else { return false }
    return rest.dropFirst().drop(while: Blank.matches).starts(with: Array("\"airlock\"".utf8))
  }
}
