/// "Did you mean …": the nearest of the known names.
package enum Spelling {
  /// A name that a document used, for a message: in quotes if it looks like a name, and withheld if
  /// it looks like anything else, since a value may have strayed to where a name belongs.
  package static func shown(_ name: String) -> String {
    isName(name) ? "\"\(name)\"" : "(not shown: it does not look like a name)"
  }

  /// Whether a text looks like a name: up to 64 letters, digits, `_`, `.` and `-`, a letter or `_`
  /// first, so that no number and no date is taken for one.
  package static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first,
      first == 0x5F || (first | 0x20) >= 0x61 && (first | 0x20) <= 0x7A
    else { return false }
    return (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x2D: true
        default: false
        }
      }
  }

  /// The candidate with the fewest edits (insert, delete, replace, swap of neighbours), if it is
  /// near enough to be meant: a third of the name's length, at least one edit.
  package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    guard name.utf8.count <= 128 else { return nil }
    let wanted = Array(name.lowercased().unicodeScalars)
    let allowed = max(1, wanted.count / 3)
    let ranked = candidates.map { ($0, edits(wanted, Array($0.lowercased().unicodeScalars))) }
    let best = ranked.min { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 < $1.1 }
    return best.flatMap { $0.1 <= allowed ? $0.0 : nil }
  }

  /// Optimal string alignment distance.
  private static func edits(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, beforeLast[j - 1] + 1)
        }
        row.append(least)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
