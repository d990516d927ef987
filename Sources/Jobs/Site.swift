/// Jobs: from a claimed drop to a verdict. A snapshot is loaded and put in force; a manifest becomes
/// a plan, a selection of registrants, batches of requests, and an archive in the outbox.
///
/// Each step that matters is noted in the journal before the next begins, so that a process killed
/// anywhere goes on where it stopped, and nothing is done twice. Must never: let a registrant's
/// value into a message, a verdict or the journal; publish what was not sealed, signed and synced.
import Faults
package import Files
package import Store
internal import Secrets

/// The folders of a site.
package struct Site: Sendable {
  package let root: Folder
  package let inbox: Folder
  package let accepted: Folder
  package let rejected: Folder
  package let outbox: Folder
  package let keys: Folder
  package let policies: Folder
  package let store: Folder
  package let claimed: Folder
  /// How long a filter may search the snapshot, and when searching must stop.
  package var bounds = QueryBounds()

  /// Stands in `inbox/`; without it the folder is taken for an unmounted one.
  package static let marker: EntryName = ".airlock-inbox"

  /// Opens a site that was laid out.
  /// - Throws: `FileFault` if a folder is missing or cannot be entered.
  package init(root path: String) throws(FileFault) {
    root = try Folder(path: path)
    inbox = try root.subfolder("inbox")
    accepted = try inbox.subfolder("accepted")
    rejected = try inbox.subfolder("rejected")
    outbox = try root.subfolder("outbox")
    keys = try root.subfolder("keys")
    policies = try root.subfolder("policies")
    store = try root.subfolder("store")
    claimed = try store.subfolder("claimed")
  }

  /// A site for what only reads the snapshot, the policy and the keys, also while the inbox is away.
  /// In the inbox's place is a folder without a marker, so that nothing takes it for one.
  /// - Throws: `FileFault` if another folder is missing or cannot be entered.
  package init(withoutInbox path: String) throws(FileFault) {
    root = try Folder(path: path)
    outbox = try root.subfolder("outbox")
    keys = try root.subfolder("keys")
    policies = try root.subfolder("policies")
    store = try root.subfolder("store")
    claimed = try store.subfolder("claimed")
    (inbox, accepted, rejected) = (claimed, claimed, claimed)
  }

  static let journal: EntryName = "journal.sqlite"

  /// Lays out the folders that are missing, and changes none that is there.
  /// - Throws: `FileFault`; `inbox_unmounted` where a site has worked and its inbox is not there.
  package static func layOut(root path: String) throws -> Site {
    let root = try Folder(path: path, create: 0o755)
    if let store = try? root.subfolder("store"), try store.exists(journal) {
      guard let inbox = try? root.subfolder("inbox"), try inbox.exists(marker) else {
        throw InboxFault.unmounted
      }
    }
    let inbox = try root.subfolder("inbox", create: 0o770)
    _ = try inbox.subfolder("accepted", create: 0o770)
    _ = try inbox.subfolder("rejected", create: 0o770)
    _ = try root.subfolder("outbox", create: 0o755)
    _ = try root.subfolder("keys", create: 0o700)
    _ = try root.subfolder("policies", create: 0o750)
    let store = try root.subfolder("store", create: 0o700)
    _ = try store.subfolder("claimed", create: 0o700)
    if try !inbox.exists(marker) {
      let token = "Airlock's inbox. Leave this file here. \(Hex.encode(randomBytes(16)))\n"
      try AtomicFile.write(token, as: inboxToken, in: store, replacing: true)
      try AtomicFile.write(token, as: marker, in: inbox, mode: 0o644)
    }
    return try Site(root: path)
  }

  /// The text of the marker, kept in the store, so that the inbox of another site is told apart.
  private static let inboxToken: EntryName = "inbox.token"

  /// What is wrong with the inbox as it lies there now.
  package enum InboxState: Sendable {
    case inPlace
    /// It is not where it was when it was opened, or has no marker.
    case unmounted
    /// It has the marker of another site.
    case foreign
  }

  /// Compares device and inode of the path with those of the folder that was opened, and the marker
  /// with the store's token. A site of before there were tokens has any marker.
  package func inboxState() throws(FileFault) -> InboxState {
    guard try inbox.isInPlace(), try inbox.exists(Site.marker) else { return .unmounted }
    guard try store.exists(Site.inboxToken) else { return .inPlace }
    let rules = OpenRules(limit: 4096)
    let token = try OpenFile(Site.inboxToken, in: store, rules: rules).readAll()
    do throws(FileFault) {
      return try OpenFile(Site.marker, in: inbox, rules: rules).readAll() == token
        ? .inPlace : .foreign
    } catch {
      guard error.blame == .input else { throw error }
      return .foreign
    }
  }
}
