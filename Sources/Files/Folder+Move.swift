extension Folder {
  /// Moves `name` into `target`: by one rename, or, onto another file system, by a synced copy that
  /// is compared with the original before that goes. Killed in between, both are there. Only plain
  /// files of one name can be copied; for others it throws as `OpenFile` does.
  package func move(
    _ name: EntryName, to target: Folder, as newName: EntryName, replacing: Bool = false
  ) throws {
    do throws(FileFault) {
      return try rename(name, to: target, as: newName, replacing: replacing)
    } catch {
      guard error.kind == .otherFileSystem else { throw error }
    }
    let source = try OpenFile(name, in: self, rules: .drop(limit: .max))
    let copy = try StagedFile(newName, in: target)
    unsafe try source.forEachPiece { piece throws(FileFault) in unsafe try copy.write(piece) }
    try source.requireUnchanged()
    try copy.seal()
    try source.requireSameBytes(as: copy.temporaryName, in: target)
    guard try status(of: name)?.stamp == source.status.stamp else {
      throw FileFault(.changedWhileReading, "\(shown(name)) changed while it was copied")
    }
    try copy.commit(replacing: replacing)
    try remove(name)
    try sync()
  }
}

extension OpenFile {
  private static let piece = 1 << 20

  /// Hands all that is left to `body`, piece by piece.
  package func forEachPiece(
    _ body: (UnsafeRawBufferPointer) throws(FileFault) -> Void
  ) throws(FileFault) {
    var buffer = [UInt8](repeating: 0, count: Self.piece)
    while true {
      let count = try readSome(&buffer)
      guard count > 0 else { return }
      unsafe try buffer.span.withUnsafeBytes { bytes throws(FileFault) in
        unsafe try body(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      }
    }
  }

  private func readSome(_ buffer: inout [UInt8]) throws(FileFault) -> Int {
    var span = buffer.mutableSpan
    return unsafe try span.withUnsafeMutableBytes { room throws(FileFault) in
      unsafe try read(into: room)
    }
  }

  /// Throws `shortWrite` unless the other file holds the very bytes of this one.
  fileprivate func requireSameBytes(as name: EntryName, in folder: Folder) throws(FileFault) {
    try rewind()
    let other = try OpenFile(name, in: folder, rules: .drop(limit: .max))
    var (mine, its) = (
      [UInt8](repeating: 0, count: Self.piece), [UInt8](repeating: 0, count: Self.piece)
    )
    guard other.size == size else { throw Self.differs(folder, name) }
    while position < size {
      let wanted = Int(min(Int64(Self.piece), size - position))
      try fill(&mine, wanted)
      try other.fill(&its, wanted)
      guard mine.prefix(wanted) == its.prefix(wanted) else { throw Self.differs(folder, name) }
    }
  }

  private func fill(_ buffer: inout [UInt8], _ count: Int) throws(FileFault) {
    var filled = 0
    while filled < count {
      var span = buffer.mutableSpan
      let read = unsafe try span.withUnsafeMutableBytes { room throws(FileFault) in
        unsafe try self.read(into: UnsafeMutableRawBufferPointer(rebasing: room[filled..<count]))
      }
      guard read > 0 else { throw FileFault(.changedWhileReading, "a file changed while read") }
      filled += read
    }
  }

  private static func differs(_ folder: Folder, _ name: EntryName) -> FileFault {
    FileFault(.shortWrite, "the copy \(folder.shown(name)) is not what was written")
  }
}
