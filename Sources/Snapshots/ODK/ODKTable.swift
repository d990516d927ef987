internal import CSimdjson

/// A table of Central's CSV export. Each row becomes the events that OData would have had for it:
/// `demo-fname` is the member `fname` of the group `demo`.
final class ODKTable {
  private enum Name {
    static let key = "KEY"
    static let parent = "PARENT_KEY"
    static let date = "SubmissionDate"
    /// What older versions put where a repeat is.
    static let repeatMark = "SET-OF-"
  }

  private struct Step {
    var event: sj_event
    /// The cell whose text is the value; -1 if the event stands as it is.
    var cell: Int32
  }

  private final class Node {
    var cell: Int32 = -1
    var names: [String] = []
    var children: [String: Node] = [:]
  }

  let key: Int
  /// The column of the owner's key; nil in the table of the form itself.
  let parent: Int?
  private var steps: [Step] = []
  private var texts: [UnsafeMutablePointer<CChar>] = []

  /// - Throws: `unevenForm` for a header that is no table's of Central.
  init(_ header: CSVHeader, file: String) throws(SnapshotFault) {
    let names = header.names
    guard let key = names.firstIndex(of: Name.key) else { throw Self.unclear(file, 0) }
    self.key = key
    parent = names.firstIndex(of: Name.parent)
    let root = Node()
    for (column, name) in names.enumerated() where column != parent {
      guard !name.hasPrefix(Name.repeatMark) else { continue }
      var node = root
      for part in Self.path(name, column, key: key, isMain: parent == nil) {
        let next = node.children[part] ?? Node()
        if node.children.updateValue(next, forKey: part) == nil { node.names.append(part) }
        node = next
      }
      guard node !== root, node.cell < 0, node.children.isEmpty else {
        throw Self.unclear(file, column)
      }
      node.cell = Int32(column)
    }
    guard Self.isClear(root) else { throw Self.unclear(file, 0) }
    spell(root)
  }

  deinit { for text in texts { text.deallocate() } }

  private static func unclear(_ file: String, _ column: Int) -> SnapshotFault {
    SnapshotFault(
      .unevenForm, "the header is not that of a table of ODK Central, or names a column twice",
      at: SnapshotPlace(file, line: 1, column: column + 1))
  }

  /// No name is that of a value and of a group.
  private static func isClear(_ node: Node) -> Bool {
    (node.cell < 0 || node.children.isEmpty) && node.children.values.allSatisfy(isClear)
  }

  /// Where a column stands in the tree. What comes after the key of a submission is Central's own.
  private static func path(_ name: String, _ column: Int, key: Int, isMain: Bool) -> [String] {
    if column == key { return ["__id"] }
    if isMain, column > key || name == Name.date {
      let start = name.prefix { $0.isUppercase }
      let head = start.count > 1 && start.count < name.count ? start.dropLast() : start
      let own = head.lowercased() + name.dropFirst(head.count)
      return ["__system", own.hasSuffix("ID") ? own.dropLast(2) + "Id" : own]
    }
    return name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
  }

  private func spell(_ node: Node) {
    guard node.children.isEmpty else {
      let start = steps.count
      add(SJ_OBJECT)
      for name in node.names {
        addKey(name)
        if let child = node.children[name] { spell(child) }
      }
      steps[start].event.payload.natural = UInt64(steps.count)
      return add(SJ_END)
    }
    add(SJ_NULL)
    steps[steps.count - 1].cell = node.cell
  }

  private func add(_ kind: sj_kind) {
    var event = sj_event()
    event.kind = UInt8(kind.rawValue)
    steps.append(Step(event: event, cell: -1))
  }

  private func addKey(_ name: String) {
    let count = name.utf8.count
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: count + 8)
    text.initialize(repeating: 0, count: count + 8)
    for (index, byte) in name.utf8.enumerated() { text[index] = CChar(bitPattern: byte) }
    texts.append(text)
    add(SJ_KEY)
    steps[steps.count - 1].event.payload.bytes = UnsafePointer(text)
    steps[steps.count - 1].event.length = UInt32(count)
  }

  /// The events of a row; an empty cell is no value.
  func events(_ cells: UnsafePointer<CSVCell>, _ base: UnsafePointer<UInt8>) -> [sj_event] {
    steps.map { step in
      guard step.cell >= 0, let text = Self.text(cells[Int(step.cell)], base) else {
        return step.event
      }
      return text
    }
  }

  /// A cell's text as an event; nil if it is empty.
  static func text(_ cell: CSVCell, _ base: UnsafePointer<UInt8>) -> sj_event? {
    guard !cell.isEmpty else { return nil }
    var event = sj_event()
    event.kind = UInt8(SJ_STRING.rawValue)
    event.length = UInt32(cell.count)
    event.payload.bytes = UnsafeRawPointer(base + Int(cell.start)).assumingMemoryBound(
      to: CChar.self)
    return event
  }
}

/// The key of a repeat's record, `uuid:…/demo/children[2]`, says where the repeat is in the form.
struct ODKKey: Equatable {
  /// The names of groups and repeats, outermost first.
  let path: [String]
  /// How many of them lead to the record that this one belongs to, and are repeats or within one.
  let base: Int

  /// Nil for the key of a submission.
  init?(_ key: String) {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard let last = parts.last, last.hasSuffix("]") else { return nil }
    path = parts.map { String($0.prefix { $0 != "[" }) }
    base = (parts.dropLast().lastIndex { $0.hasSuffix("]") }).map { $0 - parts.startIndex + 1 } ?? 0
  }
}
