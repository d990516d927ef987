package import Faults
import Files
import Glibc
package import Keys

/// What stands in the way of a site as a whole: one of its folders is not what its path says.
package struct SiteFault: Fault {
  package let code: String
  package let message: String
  package let hint: String?
  /// Whether nothing may go on in this process: what it knows belongs to another store.
  package let isFinal: Bool
  /// Whether it ends by itself when the folder is there again.
  package var isAway: Bool { code == "folder_gone" }

  package var blame: Blame { .environment }

  /// Another folder stands where the store was: its journal is not the one that was begun with.
  package static let storeReplaced = SiteFault(
    code: "store_replaced",
    message: "store/ is not the folder any more that it was when airlock started",
    hint: "put the right store back, then start airlock again", isFinal: true)

  static let otherIdentity = SiteFault(
    code: "identity_replaced",
    message: "keys/ was replaced, and holds the identity of another key than airlock started with",
    hint: "put the right folder back, or start airlock again", isFinal: true)

  package static func gone(_ folders: [String]) -> SiteFault {
    let names = folders.map { $0 + "/" }.joined(separator: ", ")
    return SiteFault(
      code: "folder_gone",
      message:
        "\(names) \(folders.count == 1 ? "is" : "are") not there: nothing comes in or leaves",
      hint: "put the folder back, or mount it", isFinal: false)
  }

  static let moving = SiteFault(
    code: "folder_replaced",
    message: "a folder of the site was replaced just now, so nothing is published",
    hint: "the next pass reads it anew", isFinal: false)
}

extension Site {
  /// What changes a site is done as its owner: files of another account in the store would stop the
  /// service.
  /// - Throws: `not_the_owner`.
  package func requireOwner() throws {
    let owner = try store.status().owner
    guard owner != geteuid() else { return }
    throw SiteFault(
      code: "not_the_owner",
      message: "the site belongs to user id \(owner), and this is user id \(geteuid())",
      hint: "type: sudo -u '#\(owner)' airlock …", isFinal: true)
  }

  private static let folders: [EntryName] = ["outbox", "keys", "policies", "store"]

  /// The folders, but for the inbox, that a site must have and that cannot be entered, in the order
  /// of their names; empty where the path leads to no site at all.
  package static func missingFolders(at path: String) -> [String] {
    guard let root = try? Folder(path: path) else { return [] }
    let missing = folders.filter { (try? root.subfolder($0)) == nil }
    return missing.count == folders.count ? [] : missing.map(\.description).sorted()
  }

  /// Whether each folder's path still leads to the very folder that was opened (device and inode).
  private var isInPlace: Bool {
    get throws(FileFault) {
      for folder in [inbox, accepted, rejected, outbox, keys, policies, store, claimed] {
        guard try folder.isInPlace() else { return false }
      }
      return true
    }
  }

  /// Called before anything is shown to anybody.
  /// - Throws: `folder_replaced` if a folder is not what its path says.
  func requireInPlace() throws {
    guard try isInPlace else { throw SiteFault.moving }
  }

  /// The site as its paths lead to it now; nil if it is still the one that was opened. Boxes for
  /// verdicts that somebody cleaned away with what lay in the inbox are made again.
  /// - Parameter signer: who must be at home in a replaced `keys/`.
  /// - Throws: `inbox_unmounted`, `inbox_foreign`, `folder_gone`; `store_replaced` and
  ///   `identity_replaced`, which are final.
  package func renewed(for signer: Card) throws -> Site? {
    guard try !isInPlace else {
      try requireInbox()
      return nil
    }
    let missing = Site.missingFolders(at: root.path)
    guard missing.isEmpty else { throw SiteFault.gone(missing) }
    guard try store.isInPlace(), try claimed.isInPlace() else { throw SiteFault.storeReplaced }
    try remakeBoxes()
    var site: Site
    do throws(FileFault) { site = try Site(root: root.path) } catch {
      throw try inbox.isInPlace() ? error : InboxFault.unmounted
    }
    try site.requireInbox()
    if try !keys.isInPlace(), try KeyFolder(site.keys).ownCard() != signer {
      throw SiteFault.otherIdentity
    }
    site.bounds = bounds
    return site
  }

  /// Only in an inbox that bears the marker: an empty mount point gets nothing.
  private func remakeBoxes() throws {
    guard let inbox = try? root.subfolder("inbox"), try inbox.exists(Site.marker) else { return }
    for box: EntryName in ["accepted", "rejected"] where try !inbox.exists(box) {
      _ = try inbox.subfolder(box, create: 0o770)
    }
  }
}
