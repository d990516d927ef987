import Archives
import ArgumentParser
import Faults
import Files
import JSONText
import Secrets

struct Join: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put an archive together from the parts of `airlock split`. Needs no key.",
    discussion: """
      The parts lie beside their list. Every part that is missing, cut or
      altered is named; only then is the archive made, with its signature.

      Example:
        airlock join stick/vid-00000042.sealed.parts.json --into collected
      """)

  @Argument(help: "The list of parts.") var list: String
  @Option(name: .long, help: ArgumentHelp("The folder to put it into.", valueName: "dir"))
  var into: String
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func run() throws {
    let split: SplitArchive
    do {
      split = try SplitArchive.join(list: list, into: Folder(path: into, create: 0o700))
    } catch let faults as FaultList {
      for fault in faults.all.dropLast() { Terminal.complain(fault) }
      throw faults.all[faults.all.count - 1]
    }
    let path = "\(into)/\(split.name)"
    if json {
      return Terminal.say(
        ([
          "file": .string(path), "bytes": .int(split.bytes), "digest": .string(split.digest.hex),
        ] as JSON).line())
    }
    Terminal.say(
      "joined      \(Printable.quoted(path)), \(VerdictWording.grouped(split.bytes)) bytes")
    Terminal.say("digest      \(split.digest.hex)")
  }
}
