import ArgumentParser
import Files
import JSONText
import Jobs
import Keys

struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Identities and cards.",
    discussion: """
      An identity is secret; its card is what others may know of it.
      Compare fingerprints by telephone before you trust a card.

      Example:
        airlock keys new mts --keys mts-keys
        airlock keys card --keys mts-keys > mts.card.json
        airlock keys add mts.card.json --root registry

      docs/keys.md says how to rotate and revoke them.
      """,
    subcommands: [
      NewKey.self, ShowCard.self, AddCard.self, ListKeys.self, RotateKey.self, RevokeKey.self,
    ])
}

/// `--keys`, else the keys of the site.
struct KeyOptions: ParsableArguments {
  @OptionGroup var site: SiteOptions
  @Option(
    name: .long,
    help: ArgumentHelp("A folder of keys (default: keys/ of the site).", valueName: "dir"))
  var keys: String?

  var path: String { keys ?? site.root + "/keys" }

  func folder() throws -> KeyFolder { try KeyFolder(path: path) }

  /// How the next command names the same folder.
  var asGiven: String {
    if let keys { return " --keys \(keys)" }
    return site.root == "." ? "" : " --root \(site.root)"
  }

  /// Of the site whose keys these may be, also when `--keys` names them; nil if it is none.
  func keysSite() throws -> Site? {
    guard let root = siteRoot, Site.isLaidOut(at: root) else { return nil }
    return try Site(withoutInbox: root)
  }

  private var siteRoot: String? {
    guard let keys else { return site.root }
    let path = keys.hasSuffix("/") ? String(keys.dropLast()) : keys
    if path == "keys" { return "." }
    return path.hasSuffix("/keys") ? String(path.dropLast(5)) : nil
  }
}

/// A moment on the command line: `2026-11-22T10:00:00Z`, or a day, which begins at midnight UTC.
struct Moment: ExpressibleByArgument {
  let time: UTCTime

  init?(argument: String) {
    let text = argument.utf8.count == 10 ? argument + "T00:00:00Z" : argument
    guard let time = UTCTime(text: text) else { return nil }
    self.time = time
  }
}

extension UTCTime {
  /// So many days later.
  func adding(days: Int) -> UTCTime { UTCTime(clamping: seconds + Int64(days) * 86_400) }
}
