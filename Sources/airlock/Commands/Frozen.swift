import ArgumentParser
import JSONText
import Jobs
import Store

struct Frozen: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List registrants whose tokens contradict each other.",
    discussion: """
      Their ids, why and since when they are frozen, and in which archives
      their VIDs went out; no value. Takes no lock.

      Example:
        airlock frozen --root registry
      """)

  @OptionGroup var options: SiteOptions
  @Flag(name: .long, help: "As JSON.") var json = false

  func run() throws {
    let entries = try FrozenRegistrants(on: options.site(needsInbox: false), clock: .system).list()
    if json { return Terminal.sayWhole(JSON.array(entries.map(document)).pretty()) }
    if entries.isEmpty { Terminal.say("nobody is frozen") }
    for entry in entries { Terminal.say(words(entry)) }
  }

  private func words(_ entry: FrozenRegistrants.Entry) -> String {
    let archives = entry.archives.map { "\($0.stream) \($0.sequence)" }.joined(separator: ", ")
    let sent = archives.isEmpty ? "never sent" : "sent in \(archives)"
    return
      "registrant \(entry.registrant)  \(entry.reason.rawValue)  since \(StatusTime.moment(entry.since))  \(sent)"
  }

  private func document(_ entry: FrozenRegistrants.Entry) -> JSON {
    [
      "registrant": .int(entry.registrant), "reason": .string(entry.reason.rawValue),
      "since": .string(UTCTime(clamping: entry.since).text),
      "archives": .array(
        entry.archives.map { ["stream": .string($0.stream), "sequence": .int($0.sequence)] }),
    ]
  }
}

struct Thaw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let frozen registrants go on, without the tokens that we hold of them.",
    discussion: """
      --drop-tokens says what it does: all that results said of them is
      forgotten, and their VIDs are unanswered again. The next result, or
      the registry, decides. Find out first why tokens contradicted each
      other; of a token that two have, thaw both. Stop the watcher before.
      An id below zero, of who is known by an external id, comes last,
      behind --. Exit status 2: one of them is not frozen; nobody was thawed.

      Example:
        airlock thaw 17 23 --drop-tokens --root registry
      """)

  @Argument(help: "Ids of registrants, as airlock frozen lists them.") var registrants: [Int64]
  @Flag(name: .long, help: "Forget our tokens of them.") var dropTokens = false
  @OptionGroup var options: SiteOptions
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func validate() throws {
    guard dropTokens else {
      throw ValidationError("say --drop-tokens: what results said of them will be forgotten")
    }
  }

  func run() throws {
    let site = try options.ownSite(needsInbox: false)
    let vids = try FrozenRegistrants(on: site, clock: .system).thaw(registrants)
    let thawed = Set(registrants).sorted()
    if json {
      let result: JSON = [
        "thawed": .array(thawed.map(JSON.int)), "unanswered": .count(vids),
      ]
      return Terminal.say(result.line())
    }
    Terminal.say("thawed: \(thawed.count); VIDs without an answer by it: \(vids)")
  }
}
