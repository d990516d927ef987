internal import Language

/// The names of the fields that the first records of a lone file have.
enum LoneFields {
  private static let documents = 100

  /// - Parameter start: the first bytes of the file.
  /// - Returns: nil if it is neither JSON nor a table with an id; whoever reads it says what is wrong.
  /// - Throws: what `JSONForm` throws.
  static func read(
    _ start: [UInt8], file: String, limits: SnapshotLimits
  ) throws(SnapshotFault) -> Set<String>? {
    let text = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start.dropFirst(3) : start[...]
    guard !text.allSatisfy(Blank.matches) else { return nil }
    if let fields = try json(Array(text), file: file) { return fields }
    return try table(start, file: file, limits: limits)
  }

  private static func json(
    _ text: [UInt8], file: String
  ) throws(SnapshotFault) -> Set<String>? {
    let form = try text.withUnsafeBufferPointer { bytes throws(SnapshotFault) in
      try JSONForm(bytes, file: file)
    }
    guard let form else { return nil }
    return text.withUnsafeBufferPointer { bytes in
      let first = JSONOutline(bytes)
      switch form {
      case .list: return first.names
      case .answer:
        return first.names(in: "result").union(first.names(in: "records"))
          .union(first.names(in: "result/records")).subtracting(["records", "length"])
      case .lines, .objects: return documents(bytes, first)
      }
    }
  }

  private static func documents(
    _ bytes: UnsafeBufferPointer<UInt8>, _ first: JSONOutline
  ) -> Set<String> {
    var fields = first.names
    var (start, end) = (0, first.end)
    for _ in 1..<documents {
      guard let last = end, start + last < bytes.count else { break }
      start += last
      let next = JSONOutline(UnsafeBufferPointer(rebasing: bytes[start...]))
      fields.formUnion(next.names)
      end = next.end
    }
    return fields
  }

  /// Columns by the names of their fields, where their labels are those of partners.
  private static func table(
    _ start: [UInt8], file: String, limits: SnapshotLimits
  ) throws(SnapshotFault) -> Set<String>? {
    let text = RecordText()
    text.begin(file: file, hasLines: true, rest: Pile(capacity: 1))
    for byte in start { text.bytes.append(byte) }
    let mark = start.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let header = try CSVHeader.find(text, from: mark, limits: limits) else { return nil }
    return Set(
      header.names.compactMap { name in
        let path = CSVPath(name, of: SnapshotReader.mainModel, in: BuiltIn.catalog)
        return path?.steps.first ?? name
      })
  }
}
