import Secrets
import Keys
import Archives
import ArgumentParser
import Faults
import Files
import JSONText

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check archives: form, signature, sender. Needs no secret key.",
    discussion: """
      Without --sender, the cards in the site's keys/ say whose signatures
      count.

      Example:
        airlock verify outbox/mts/*.sealed --sender registry.card.json
      """)

  @Argument(help: "The archives.") var archives: [String]
  @OptionGroup var options: SiteOptions
  @OptionGroup var senders: SenderOptions
  @Flag(name: .long, help: "One finding a line, as JSON.") var json = false

  func run() throws {
    let keyring = try senders.keyring(in: options.root + "/keys")
    var worst: Int32 = 0
    for path in archives {
      do {
        let archive = try keyring.verified(UnverifiedArchive(path: path))
        say(path, archive)
      } catch let fault as any Fault {
        worst = max(worst, fault.blame == .input ? 3 : fault.blame.exitStatus)
        say(path, fault)
      }
    }
    if worst > 0 { throw ExitCode(worst) }
  }

  private func say(_ path: String, _ archive: VerifiedArchive) {
    for warning in archive.warnings { Terminal.warn(warning) }
    if json {
      let finding: JSON = [
        "file": .string(path), "authentic": true, "sender": .string(archive.sender.name.text),
        "digest": .string(archive.digest.hex), "stream": .string(archive.header.draft.stream.text),
        "sequence": .int(archive.header.draft.sequence),
      ]
      return Terminal.say(finding.line())
    }
    let draft = archive.header.draft
    Terminal.say(
      "authentic   \(Printable.quoted(path)): \(draft.kind.rawValue) \(draft.sequence) of stream \(draft.stream), signed by \(archive.sender.name)"
    )
  }

  private func say(_ path: String, _ fault: any Fault) {
    if json {
      let finding: JSON = [
        "file": .string(path), "authentic": false, "code": .string(fault.code),
        "message": .string(fault.message),
      ]
      Terminal.say(finding.line())
    } else {
      Terminal.say("NOT SOUND   \(Printable.quoted(path))")
    }
    Terminal.complain(fault)
  }
}
