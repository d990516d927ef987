/// Notices JSON that PostgreSQL's `COPY` wrote in its text format: every backslash of the JSON stands
/// twice then, so that `1 Lane\nVillage` reads as a backslash and an n, and would be sent so.
///
/// In sound JSON of texts some backslash stands alone, or two before what is no escape. Where none do,
/// and some two stand before what could be an escape, nobody can tell.
final class CopiedJSON {
  private var hasSingle = false
  private var suspect: SnapshotPlace?

  /// Notes the backslashes of a record.
  func note(_ record: UnsafeRawBufferPointer, at place: @autoclosure () -> SnapshotPlace) {
    guard !hasSingle else { return }
    // Before a quote two would have broken the JSON.
    let signs = Self.signs(record, escapes: Self.letters)
    if signs.hasSingle { hasSingle = true }
    if signs.hasEscape, suspect == nil { suspect = place() }
  }

  /// - Throws: `copiedJSON` if all backslashes of the file stood in twos.
  func settle() throws(SnapshotFault) {
    guard !hasSingle, let suspect else { return }
    throw Self.fault(at: suspect)
  }

  /// Whether a record that is no JSON would be, with each two backslashes made one.
  static func isOne(_ record: UnsafeRawBufferPointer) -> Bool {
    let signs = signs(record, escapes: letters + [UInt8(ascii: "\"")])
    return signs.hasEscape && !signs.hasSingle
  }

  static func fault(at place: SnapshotPlace) -> SnapshotFault {
    SnapshotFault(
      .copiedJSON, "every backslash stands twice, as COPY's text format writes JSON", at: place)
  }

  private static func signs(
    _ record: UnsafeRawBufferPointer, escapes: [UInt8]
  ) -> (hasSingle: Bool, hasEscape: Bool) {
    var (hasSingle, hasEscape) = (false, false)
    var at = 0
    while at < record.count {
      guard record[at] == CopyEscapes.backslash else {
        at += 1
        continue
      }
      let start = at
      while at < record.count, record[at] == CopyEscapes.backslash { at += 1 }
      // Copied, four stand for one that is meant, and two for the escape that comes.
      let isEscape = at < record.count && escapes.contains(record[at])
      if (at - start) % 2 == 1 || ((at - start) % 4 == 2 && !isEscape) { hasSingle = true }
      if (at - start) % 4 == 2, isEscape { hasEscape = true }
    }
    return (hasSingle, hasEscape)
  }

  private static let letters = Array("nrtbfu/".utf8)
}
