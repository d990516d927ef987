internal import Glibc

/// What a file must be before a byte of it is read.
package struct OpenRules: Sendable {
  /// The largest size, in bytes.
  package var limit: Int64
  /// Whether a link as the last step of the path is followed.
  package var followsLinks: Bool
  /// Whether the file may have further names (hard links).
  package var allowsHardLinks: Bool
  /// The user ids that may own it; `nil` for anybody.
  package var owners: Set<UInt32>?
  /// Whether group and others must have no right to it.
  package var mustBePrivate: Bool
  /// Whether others must have no right to it, and the group of a file of root's none but to read it.
  var mustBeHidden = false

  package init(
    limit: Int64, followsLinks: Bool = false, allowsHardLinks: Bool = false,
    owners: Set<UInt32>? = nil, mustBePrivate: Bool = false
  ) {
    self.limit = limit
    self.followsLinks = followsLinks
    self.allowsHardLinks = allowsHardLinks
    self.owners = owners
    self.mustBePrivate = mustBePrivate
  }

  /// A drop: no links of either kind.
  package static func drop(limit: Int64, owners: Set<UInt32>? = nil) -> OpenRules {
    OpenRules(limit: limit, owners: owners)
  }

  /// A file that a person named on the command line: links are their own affair.
  package static func named(limit: Int64) -> OpenRules {
    OpenRules(limit: limit, followsLinks: true, allowsHardLinks: true)
  }

  /// A secret key: ours alone, at most 64 KiB.
  package static func secret() -> OpenRules {
    OpenRules(limit: 65_536, owners: [geteuid()], mustBePrivate: true)
  }

  /// A secret that the machine's administrator hands to a service: ours alone, or root's and then at
  /// most readable by our group or by an access list, which stands in the group's bits
  /// (systemd's `LoadCredential`, configuration management). At most 64 KiB.
  package static func handedOver() -> OpenRules {
    var rules = OpenRules(limit: 65_536, followsLinks: true, owners: [geteuid(), 0])
    rules.mustBeHidden = true
    return rules
  }

  /// Throws the first rule that the file breaks; `subject` is its printable path.
  func check(_ status: EntryStatus, _ subject: String) throws(FileFault) {
    guard status.kind == .regular else {
      throw FileFault(.notARegularFile, "\(subject) is a \(status.kind.rawValue)")
    }
    guard allowsHardLinks || status.links == 1 else {
      throw FileFault(.hardLinked, "\(subject) has \(status.links) names (hard links)")
    }
    if let owners, !owners.contains(status.owner) {
      // A secret in another's hands is a matter of this machine, not of what was dropped.
      throw FileFault(
        mustBePrivate ? .exposed : .foreignOwner,
        "\(subject) belongs to user id \(status.owner)")
    }
    guard !mustBePrivate || status.isPrivate else {
      let mode = String(status.mode, radix: 8)
      throw FileFault(.exposed, "\(subject) can be read by others (mode \(mode))")
    }
    if mustBeHidden {
      let most: UInt32 = status.owner == 0 ? 0o740 : 0o700
      guard status.mode & 0o777 & ~most == 0 else {
        let mode = String(status.mode, radix: 8)
        throw FileFault(.exposed, "\(subject) can be read or written by others (mode \(mode))")
      }
    }
    guard status.size <= limit else {
      throw FileFault(.tooLarge, "\(subject) has \(status.size) bytes, more than \(limit)")
    }
  }
}
