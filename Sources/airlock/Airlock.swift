import ArgumentParser
import Glibc
import Jobs
import Secrets
import Store

/// The program on the operator's and the auditor's side. It contains no network code.
@main
struct Airlock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "airlock",
    abstract: "Sealed, signed file exchange between a registry and an air-gapped MTS.",
    discussion: """
      Drop registry snapshots and job manifests into a site's inbox/;
      airlock puts sealed, signed archives into its outbox/. Everything
      works with the cable cut.

      A first tour:
        airlock init --root registry
        airlock keys add mts.card.json --root registry
        cp export.tar job.json registry/inbox/
        airlock run --root registry
      """,
    version: Program.version,
    subcommands: [
      Init.self, Run.self, Watch.self, Check.self, NewManifest.self, Plan.self, Search.self,
      Inspect.self, Verify.self, AuditOutbox.self, Prove.self, Open.self, MakeReceipt.self,
      Split.self, Join.self, Seal.self, Keys.self, Status.self, Retry.self,
      Release.self, Reject.self, Export.self, Prune.self, Frozen.self, Thaw.self,
    ])

  /// Runs the command line, and ends with the exit status that the outcome has by the design.
  static func main() async {
    // A closed pipe and a file-size limit are answers of write(2), not ends of the process.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // What is for others is opened to them by name; no umask may shut us out of our own folders.
    umask(0o077)
    do {
      try CoreDumps.disable()
      try Sodium.start()
      SQLiteLibrary.start()
      var command = try parseAsRoot(ProgramArguments.given())
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      Terminal.leave(0)
    } catch {
      Terminal.end(with: error)
    }
  }
}
