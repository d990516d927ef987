package import Faults
import Files

/// The inbox cannot be worked on.
package struct InboxFault: Fault {
  package let code: String
  package let message: String
  package let hint: String?
  package var blame: Blame { .environment }

  /// Its folder is gone, or is an empty mount point.
  package static let unmounted = InboxFault(
    code: "inbox_unmounted",
    message: "the inbox is not where it was, or its marker file (inbox/.airlock-inbox) is missing",
    hint: """
      is its file system mounted? to begin with a new inbox on purpose, copy store/inbox.token to \
      inbox/.airlock-inbox, then: airlock init
      """)

  package static let foreign = InboxFault(
    code: "inbox_foreign", message: "the inbox has the marker of another site",
    hint: """
      mount the right one; to take this one, copy store/inbox.token to inbox/.airlock-inbox
      """)
}

extension Site {
  /// - Throws: `inbox_unmounted`, `inbox_foreign`.
  package func requireInbox() throws {
    switch try inboxState() {
    case .inPlace: return
    case .unmounted: throw InboxFault.unmounted
    case .foreign: throw InboxFault.foreign
    }
  }

  /// Whether a site was laid out here and has worked, or can, whatever has become of its inbox.
  package static func isLaidOut(at path: String) -> Bool {
    guard let root = try? Folder(path: path), let store = try? root.subfolder("store") else {
      return false
    }
    return (try? store.exists(journal)) == true || (try? root.subfolder("keys")) != nil
  }
}
