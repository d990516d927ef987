import Archives
import ArgumentParser
import Files
import JSONText
import Jobs
import Keys
import Secrets

struct MakeReceipt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt", abstract: "Sign a receipt of an archive that was opened here.",
    discussion: """
      For one that was lost on its way, and for what became of the records:
      how many the MTS answered, and how many it refused. Drop both files
      that it makes into the sender's inbox. A registry patch is "applied":
      what the script that applied it reports is signed.

      Example:
        airlock receipt vid-00000042.sealed --state tokenised \\
          --answered 1940 --failed 60 --identity keys/identity.json \\
          --into stick
        airlock receipt usual-00000007.sealed --state applied \\
          --report patch.applied.json --identity keys/identity.json --into stick
      """)

  enum State: String, ExpressibleByArgument, CaseIterable { case opened, tokenised, applied }

  @Argument(help: "The archive; its signature lies beside it.") var archive: String
  @Option(name: .long, help: "What became of it: opened, tokenised or applied.") var state: State
  @Option(name: .long, help: "How many records the MTS answered with a token.") var answered: Int64?
  @Option(name: .long, help: "How many records the MTS refused.") var failed: Int64?
  @Option(name: .long, help: "What contrib/apply_registry_patch.py wrote.") var report: String?
  @Option(name: .long, help: ArgumentHelp("The folder to put it into.", valueName: "dir"))
  var into: String
  @OptionGroup var receiver: ReceiverOptions
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func run() throws {
    try requireOptions()
    let keyring = try receiver.senders.keyring(in: receiver.folder)
    let verified = try keyring.verified(UnverifiedArchive(path: archive))
    let own = try IdentityFile.load(path: receiver.path, passphrase: receiver.secret.passphrase)
    try receiver.requireRecipient(of: verified, own)
    try keyring.check(own.card, for: .receipts, at: WallClock.system.now)
    let made = try Receipt(
      for: verified, by: own.name, state: receiptState(of: verified), at: WallClock.system.now)
    guard try receiver.received().streams.has(verified) else {
      throw ArchiveFault(
        .replay, "not_received", "this archive was not opened here, so there is nothing to receipt",
        hint: "open it first: airlock open ARCHIVE --into DIR")
    }
    let folder = try Folder(path: into)
    try made.publish(by: own, in: folder)
    let path = try folder.path(of: EntryName(made.fileName))
    if json {
      let result: JSON = [
        "receipt": .string(path), "state": .string(made.state.word), "to": .string(made.to.text),
        "stream": .string(made.stream.text), "sequence": .int(made.sequence),
        "archive": .string(made.archive.hex),
      ]
      return Terminal.say(result.line())
    }
    Terminal.say(
      "\(made.state.word): \(made.sequence) of stream \(made.stream), to \(made.to)")
    Terminal.say("receipt     \(Printable.quoted(path)): carry it back, with its .minisig")
  }

  /// Before anything is read.
  private func requireOptions() throws {
    let counts = [answered, failed].compactMap(\.self).count
    guard state == .tokenised || counts == 0 else {
      throw UsageFault("--answered and --failed belong to --state tokenised")
    }
    guard state == .applied || report == nil else {
      throw UsageFault("--report belongs to --state applied")
    }
    guard state != .tokenised || counts == 2 else {
      throw UsageFault(
        "--state tokenised needs --answered and --failed", hint: "say 0 where there are none")
    }
    guard state != .applied || report != nil else {
      throw UsageFault(
        "--state applied needs --report", hint: "contrib/apply_registry_patch.py writes it")
    }
  }

  private func receiptState(of archive: VerifiedArchive) throws -> Receipt.State {
    switch state {
    case .opened: .opened
    case .tokenised: .tokenised(answered: answered ?? 0, failed: failed ?? 0)
    case .applied: try AppliedReport(path: report ?? "").state(of: archive)
    }
  }
}
