internal import Glibc

extension Folder {
  /// Calls `visit` with each name, in no order, as the system gives them: nothing is kept, so that
  /// a million names cost no memory. `visit` returns false to stop. Returns how many were visited.
  /// At most `limit` names are looked at; names that come or go meanwhile may or may not show.
  @discardableResult
  package func scan(
    limit: Int = .max, _ visit: (EntryName) throws -> Bool
  ) throws -> Int {
    let stream = unsafe try openStream()
    defer { unsafe closedir(stream) }
    var count = 0
    while count < limit, let name = unsafe try nextName(stream) {
      count += 1
      guard try visit(name) else { break }
    }
    return count
  }

  /// All names, ordered by bytes; throws `tooManyEntries` if there are more than `limit`.
  package func names(limit: Int = 100_000) throws(FileFault) -> [EntryName] {
    var names: [EntryName] = []
    do {
      try scan {
        names.append($0)
        return names.count <= limit
      }
    } catch {
      throw error as? FileFault ?? FileFault(.misuse, "a scan of \(shown) failed")
    }
    guard names.count <= limit else {
      throw FileFault(.tooManyEntries, "folder \(shown) holds more than \(limit) names")
    }
    return names.sorted()
  }

  /// A second description of the folder, so that two scans at once do not share one position.
  private func openStream() throws(FileFault) -> OpaquePointer {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    let again = try SystemCall.run("open folder", shown) { unsafe openat(descriptor, ".", flags) }
    guard let stream = unsafe fdopendir(again) else {
      let number = errno
      close(again)
      throw FileFault("list folder", shown, errno: number)
    }
    return unsafe stream
  }

  private func nextName(_ stream: OpaquePointer) throws(FileFault) -> EntryName? {
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        let number = errno
        if number == 0 { return nil }
        throw FileFault("list folder", shown, errno: number)
      }
      let name = unsafe copyName(entry)
      if name != [0x2E, 0] && name != [0x2E, 0x2E, 0] { return EntryName(terminated: name) }
    }
  }

  /// Copies `d_name` with its NUL. Only the bytes up to the NUL are touched: an entry may be
  /// shorter than `struct dirent`.
  private func copyName(_ entry: UnsafeMutablePointer<dirent>) -> [CChar] {
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
    let start = unsafe (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
    return unsafe Array(UnsafeBufferPointer(start: start, count: strlen(start) + 1))
  }
}
