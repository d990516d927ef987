import ArgumentParser
import Files
import Glibc
import Jobs
import Keys
import Secrets

/// `--root`, for every command that works on a site.
struct SiteOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The site's folder.", valueName: "dir"))
  var root = "."

  /// The site with its inbox in place, or nil where there is no site.
  func siteIfAny() throws -> Site? {
    do {
      let site = try site()
      try site.requireInbox()
      return site
    } catch is UsageFault {
      return nil
    }
  }

  /// The site, for a command that changes it.
  /// - Throws: as `site`; `not_the_owner`.
  func ownSite(needsInbox: Bool = true) throws -> Site {
    let site = try site(needsInbox: needsInbox)
    try site.requireOwner()
    return site
  }

  /// - Parameter needsInbox: whether the inbox must be there.
  /// - Throws: a fault with the hint to lay out a site, where there is none; `inbox_unmounted`.
  func site(needsInbox: Bool = true) throws -> Site {
    do throws(FileFault) {
      return needsInbox ? try Site(root: root) : try Site(withoutInbox: root)
    } catch {
      guard error.kind == .notFound || error.kind == .notAFolder else { throw error }
      if needsInbox, Site.isLaidOut(at: root), (try? Site(withoutInbox: root)) != nil {
        throw InboxFault.unmounted
      }
      let missing = Site.missingFolders(at: root)
      // Without a store no site has worked here yet.
      guard missing.isEmpty || missing.contains("store") else { throw SiteFault.gone(missing) }
      throw UsageFault(
        "\(Printable.quoted(root)) is not a site of airlock",
        hint: "name one with --root DIR, or lay one out: airlock init --root DIR")
    }
  }
}

/// `--passphrase-file`, for every command that opens an identity.
struct PassphraseOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Read the identity's passphrase from this file.", valueName: "file"))
  var passphraseFile: String?

  /// The passphrase without the line's end; from the file, else asked for on a terminal, else nil.
  func passphrase() throws -> SecretBytes? {
    if let passphraseFile {
      return try PassphraseReading.file(passphraseFile)
    }
    return isatty(STDIN_FILENO) == 1 ? try PassphraseReading.terminal() : nil
  }
}

/// A length of time as people write it: `2s`, `500ms`, `1m`.
struct TimeSpan: ExpressibleByArgument {
  let duration: Duration

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), number <= 86_400_000 else { return nil }
    switch argument.dropFirst(digits.count) {
    case "ms": duration = .milliseconds(number)
    case "s", "": duration = .seconds(number)
    case "m": duration = .seconds(number * 60)
    default: return nil
    }
  }

  init(_ duration: Duration) { self.duration = duration }

  var defaultValueDescription: String { "\(duration.components.seconds)s" }
}
