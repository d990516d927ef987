package import Files
package import JSONText

/// A name, or one with a `*` in the place of any text: `*.uploading`, `lost+found`, `scan-*.csv`.
package struct NamePattern: Sendable, Equatable {
  private let head: String
  /// What follows the `*`; nil where there is none.
  private let tail: String?

  /// - Throws: `bad_pattern` for an empty one, one of `*` alone, with two of them, or with a `/`.
  package init(_ cursor: JSONCursor) throws(DocumentFault) {
    let text = try cursor.string()
    let parts = text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    guard (1...EntryName.longest).contains(text.utf8.count), text != "*", parts.count <= 2,
      !text.contains("/")
    else {
      throw cursor.fault(
        "bad_pattern", "a pattern is a name, with at most one \"*\" in it, and not \"*\" alone")
    }
    (head, tail) = (parts[0], parts.count == 2 ? parts[1] : nil)
  }

  /// Whether the name is such a one; case counts.
  package func matches(_ name: EntryName) -> Bool {
    let bytes = name.bytes
    guard let tail else { return bytes.elementsEqual(head.utf8) }
    return bytes.count >= head.utf8.count + tail.utf8.count && bytes.starts(with: head.utf8)
      && bytes.suffix(tail.utf8.count).elementsEqual(tail.utf8)
  }
}
