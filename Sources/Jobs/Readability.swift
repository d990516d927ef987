import Faults
import Files
import Glibc
import Store

/// Whether this user may read a claimed drop and what lies beside it. What may not be read is the
/// drop's own fault, and is answered with what its owner must do.
struct Readability {
  private let site: Site

  init(_ site: Site) { self.site = site }

  /// - Throws: `not_readable`, `sidecar_unreadable`.
  func require(_ drop: Drop) throws {
    let claim = try EntryName(drop.claim)
    try require(claim, shownAs: drop.name, code: "not_readable")
    for ending in Sidecar.endings {
      try require(
        claim.appending(ending), shownAs: drop.name + ending, code: "sidecar_unreadable")
    }
  }

  private func require(_ entry: EntryName, shownAs name: String, code: String) throws {
    guard let status = try site.claimed.status(of: entry), status.kind == .regular else { return }
    do throws(FileFault) {
      _ = try OpenFile(entry, in: site.claimed, rules: .named(limit: .max))
    } catch {
      guard error.kind == .notPermitted else { return }
      throw JobFault(
        code: code,
        message: """
          \(name) belongs to user id \(status.owner) and group id \(status.group) with mode \
          \(String(status.mode, radix: 8)), and airlock runs as user id \(geteuid()): it may not \
          read it
          """,
        hint: """
          its owner types: chmod a+r inbox/rejected/\(name); then: airlock retry \(drop(of: name)); \
          let uploads have mode 0640 and the inbox's group (umask 0027)
          """)
    }
  }

  /// The name of the drop that a sidecar belongs to, or the drop itself.
  private func drop(of name: String) -> String {
    Sidecar.endings.first(where: name.hasSuffix).map { String(name.dropLast($0.utf8.count)) }
      ?? name
  }
}
