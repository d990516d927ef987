import ArgumentParser
import JSONText
import Jobs
import Store

struct Retry: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put a held drop back into the inbox, to be judged again.",
    discussion: """
      NAME is that of the file in inbox/rejected/. What made it fail should
      be mended first: its verdict says what. Works while a watcher runs.
      Exit status 2: nothing of that name is held (any more).

      Example:
        airlock retry job.json --root registry
      """)

  @OptionGroup var held: HeldOptions

  func run() throws { try held.say("back in the inbox", held.drops().retry(held.name)) }
}

struct Release: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let through, once, a drop that is held for your decision.",
    discussion: """
      For a snapshot older than the one in force, or unlike it, and for
      signed bytes that were taken in before (replayed). A drop whose signature is missing or
      wrong cannot be released. Exit status 2: nothing of that
      name is held (any more), or it is held for another reason.

      Example:
        airlock release export.tar.zst --root registry
      """)

  @OptionGroup var held: HeldOptions

  func run() throws { try held.say("released, back in the inbox", held.drops().release(held.name)) }
}

struct Reject: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove a held drop for good; its verdict stays.",
    discussion: """
      Exit status 2: nothing of that name is held (any more).

      Example:
        airlock reject job.json --root registry
      """)

  @OptionGroup var held: HeldOptions

  func run() throws {
    try held.drops().reject(held.name)
    held.say("removed for good", held.name)
  }
}

/// A held drop, and the site that holds it.
struct HeldOptions: ParsableArguments {
  @Argument(help: "The file's name in inbox/rejected/.") var name: String
  @OptionGroup var site: SiteOptions
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func drops() throws -> HeldDrops {
    let site = try site.ownSite()
    try site.requireInbox()
    return HeldDrops(site, journal: try Journal(in: site.store), clock: .system)
  }

  func say(_ what: String, _ drop: String) {
    if json {
      let result: JSON = ["held": .string(name), "drop": .string(drop), "done": .string(what)]
      return Terminal.say(result.line())
    }
    Terminal.say("\(what): \(Terminal.safe(drop))")
  }
}
