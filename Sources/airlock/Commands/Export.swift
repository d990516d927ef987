import ArgumentParser
import Files
import JSONText
import Jobs
import Secrets
import Store

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give an archive out again: the same bytes, and the same signature.",
    discussion: """
      From outbox/, or from store/sent/ where retention has moved it. What is
      given out is held against the journal first. Needs no secret key.
      Exit status 2: the stream has no such archive, or it was removed.

      Example:
        airlock export mts 42 --into stick --root registry
      """)

  @Argument(help: "The stream.") var stream: String
  @Argument(help: "The archive's number.") var sequence: Int64
  @Option(name: .long, help: ArgumentHelp("The folder to put it into.", valueName: "dir"))
  var into: String
  @OptionGroup var options: SiteOptions
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func run() throws {
    let site = try options.site(needsInbox: false)
    let folder = try Folder(path: into, create: 0o755)
    let (archive, name) = try ArchiveExport(site).write(stream, sequence, into: folder)
    if json {
      let result: JSON = [
        "file": .string("\(into)/\(name)"), "stream": .string(archive.stream),
        "sequence": .int(archive.sequence), "digest": .string(archive.digest),
        "bytes": .int(archive.bytes), "state": .string(archive.state.rawValue),
      ]
      return Terminal.say(result.line())
    }
    Terminal.say(
      "archive \(archive.sequence) of \(archive.stream), \(VerdictWording.grouped(archive.bytes)) bytes, again: \(Printable.quoted("\(into)/\(name)"))"
    )
  }
}
