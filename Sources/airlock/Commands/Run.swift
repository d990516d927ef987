import ArgumentParser
import Faults
import Files
import Inbox
import Jobs
import Keys
import Policies

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "One pass over everything that is due, then exit.",
    discussion: """
      Waits until what lies in inbox/ has held still, then takes it in.
      Each drop ends with a verdict in inbox/accepted/ or inbox/rejected/.
      Exit status 1: something was rejected, or a policy stopped.

      Example:
        airlock run --root registry
      """)

  @OptionGroup var options: SiteOptions
  @OptionGroup var secret: PassphraseOptions
  @Option(
    name: .long,
    help: ArgumentHelp(
      "How long a file must hold still (default: what the policy says).", valueName: "time"))
  var quiet: TimeSpan?
  @Flag(name: .long, help: "One verdict a line, as JSON.") var json = false

  func run() throws {
    let site = try options.ownSite()
    let hints = try ChangeHints([site.inbox])
    let signer = try KeyFolder(site.keys).identity(passphrase: secret.passphrase)
    var (taken, rejected) = (0, 0)
    var complaints: [any Fault] = []
    let watcher = try Watcher(site, signer: signer, clock: .system, quiet: quiet?.duration) { end in
      taken += 1
      if !end.isAccepted { rejected += 1 }
      VerdictWording.say(end, asJSON: json)
    } complain: { fault in
      complaints.append(fault)
      Terminal.complain(fault)
    }
    let left = try watcher.pass(MachinePacing(hints))
    if left > 0 {
      Terminal.warn(
        "\(left) file\(left == 1 ? " was" : "s were") still changing and left in the inbox",
        hint: "run again when the upload is over")
    }
    if complaints.contains(where: { $0.blame != .input }) { throw ExitCode(4) }
    if taken == 0, complaints.isEmpty, !json { Terminal.say("nothing to do") }
    if rejected > 0 || !complaints.isEmpty { throw ExitCode(1) }
  }
}
