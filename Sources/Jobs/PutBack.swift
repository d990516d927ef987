package import Files
import Store

/// The way of one held drop back into the inbox. Whoever renames the file itself has won; from then
/// on a watcher may judge it, so that nothing is touched by its old name any more. What must go was
/// hidden before, under names that the watcher takes for leftovers of a crash.
package struct PutBack {
  private let site: Site
  private let entry: EntryName
  private let target: EntryName
  private var hidden: [(name: EntryName, aside: EntryName)] = []
  private var sent: [(name: EntryName, there: EntryName)] = []

  /// - Parameters:
  ///   - entry: in `inbox/rejected/`.
  ///   - target: the name that it gets in the inbox.
  package init(_ site: Site, _ entry: EntryName, as target: EntryName) {
    (self.site, self.entry, self.target) = (site, entry, target)
  }

  /// The sidecars go first: who moves the file finds them there already. A newer one in the inbox
  /// counts for more; the old one is hidden, and so is the verdict.
  /// - Throws: `FileFault`, with all back in its place.
  package mutating func prepare() throws {
    do {
      for ending in Sidecar.endings {
        try send(entry.appending(ending), as: target.appending(ending))
        try hide(entry.appending(ending))
      }
      try hide(entry.appending(DropReport.verdictEnding))
    } catch {
      restore()
      throw error
    }
  }

  /// The one step that decides who won.
  /// - Throws: `FileFault`; `notFound` if another has won, else with all back in its place.
  package func decide() throws(FileFault) {
    do throws(FileFault) {
      try site.rejected.rename(entry, to: site.inbox, as: target)
    } catch {
      if error.kind == .notFound { try tidy() } else { restore() }
      throw error
    }
  }

  /// Removes what was hidden.
  package func tidy() throws(FileFault) {
    for (_, aside) in hidden { try site.rejected.removeIfThere(aside) }
    try site.inbox.sync()
    try site.rejected.sync()
  }

  private mutating func send(_ name: EntryName, as there: EntryName) throws {
    guard try site.rejected.exists(name), try !site.inbox.exists(there) else { return }
    do throws(FileFault) {
      try site.rejected.rename(name, to: site.inbox, as: there)
      sent.append((name, there))
    } catch {
      guard [.notFound, .alreadyThere].contains(error.kind) else { throw error }
    }
  }

  private mutating func hide(_ name: EntryName) throws {
    let token = String(UInt32.random(in: .min ... .max) | 1 << 31, radix: 16)
    let aside = try EntryName(utf8: Array(".".utf8) + name.bytes).appending(".\(token).tmp")
    do throws(FileFault) {
      try site.rejected.rename(name, to: site.rejected, as: aside)
      hidden.append((name, aside))
    } catch {
      guard error.kind == .notFound else { throw error }
    }
  }

  /// Nobody can act on a failure here: what stays hidden is no more than a copy that the journal has,
  /// or a sidecar that the sender has.
  private func restore() {
    for (name, aside) in hidden {
      try? site.rejected.rename(aside, to: site.rejected, as: name)
      _ = try? site.rejected.removeIfThere(aside)
    }
    for (name, there) in sent { try? site.inbox.rename(there, to: site.rejected, as: name) }
  }
}
