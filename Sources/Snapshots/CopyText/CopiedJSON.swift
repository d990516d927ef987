/// Notices JSON that PostgreSQL's `COPY` wrote in its text format: every backslash of the JSON stands
/// twice then, so that `1 Lane\nVillage` reads as a backslash and an n, and would be sent so.
///
/// In sound JSON of texts some backslash stands alone. Where none does, and some two stand before what
/// could be an escape, nobody can tell.
final class CopiedJSON {
  private var hasSingle = false
  private var suspect: SnapshotPlace?

  /// Notes the backslashes of a record.
  func note(_ record: UnsafeRawBufferPointer, at place: @autoclosure () -> SnapshotPlace) {
    guard !hasSingle else { return }
    let signs = Self.signs(record)
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
    let signs = signs(record)
    return signs.hasEscape && !signs.hasSingle
  }

  static func fault(at place: SnapshotPlace) -> SnapshotFault {
    SnapshotFault(
      .copiedJSON, "every backslash stands twice, as COPY's text format writes JSON", at: place)
  }

  private static func signs(
    _ record: UnsafeRawBufferPointer
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
      if (at - start) % 2 == 1 { hasSingle = true }
      // Four stand for one that is meant, two for the escape that comes.
      if (at - start) % 4 == 0 || (at < record.count && escapes.contains(record[at])) {
        hasEscape = true
      }
    }
    return (hasSingle, hasEscape)
  }

  private static let escapes = Array("nrtbfu\"/".utf8)
}
