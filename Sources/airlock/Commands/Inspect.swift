import Archives
import ArgumentParser
import JSONText

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show an archive's header. Needs no key, and proves nothing.",
    discussion: "Example:\n  airlock inspect outbox/mts/vid-00000042.sealed")

  @Argument(help: "The archive.") var archive: String
  @Flag(name: .long, help: "The header as JSON.") var json = false

  func run() throws {
    let unverified = try UnverifiedArchive(path: archive)
    if json { return Terminal.sayWhole(unverified.header.json.pretty()) }
    for line in ArchiveWording.lines(unverified.header, bytes: unverified.size) {
      Terminal.say(line)
    }
    for warning in unverified.warnings { Terminal.warn(warning) }
    Terminal.warn("nothing of this is proven yet", hint: "airlock verify checks the signature")
  }
}
