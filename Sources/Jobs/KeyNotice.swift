import Faults
import JSONText
package import Keys

/// A key of a site that people must look after.
package struct KeyNotice: Sendable {
  package let card: Card
  package let isOwn: Bool
  /// Not the next one.
  package let isCurrent: Bool
  package let state: KeyState

  /// Why it may not be used, or when it ends.
  package var words: String {
    if let fault = state.fault { return fault.message }
    let left = state.daysLeft ?? 0
    let end = state.ends.map { " on \($0.text.prefix(10))" } ?? ""
    return "the key \(card.keyID) of \(card.name) ends in \(left) day\(left == 1 ? "" : "s")\(end)"
  }

  /// - Returns: one notice for each key that is unfit or ends soon; or why no key is believed.
  static func all(of site: Site, at now: UTCTime) -> ([KeyNotice], (any Fault)?) {
    do {
      let keyring = try site.keyring()
      return (
        keyring.entries.filter { $0.place != .earlier }.compactMap { entry in
          let state = keyring.state(of: entry, at: now)
          let isOwn = entry.card.name == keyring.own
          guard state.isUrgent || state.word == .notYetValid else { return nil }
          return KeyNotice(
            card: entry.card, isOwn: isOwn, isCurrent: entry.place == .current, state: state)
        }, nil
      )
    } catch {
      return ([], error as? any Fault)
    }
  }
}

extension SiteStatus {
  /// Whether the site's own key, or every key, may not be used: nothing leaves then.
  package var hasUnfitKey: Bool {
    keysFault != nil || keys.contains { $0.isOwn && $0.isCurrent && $0.state.fault != nil }
  }
}
