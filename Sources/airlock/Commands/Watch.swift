import UnixSignals
import ArgumentParser
import Faults
import Files
import Inbox
import Jobs
import Keys
import Logging
import ServiceLifecycle
import Store
import Synchronization

struct Watch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Do the same for ever: poll the inbox and take in what is complete.",
    discussion: """
      Ends cleanly on SIGTERM, SIGINT and SIGHUP, after the drops at
      hand. Only one process works on a site: a second one exits with
      status 4.

      Example:
        airlock watch --root registry --poll 2s
      """)

  @OptionGroup var options: SiteOptions
  @OptionGroup var secret: PassphraseOptions
  @Option(name: .long, help: ArgumentHelp("How often to look: 500ms, 2s, 1m.", valueName: "time"))
  var poll = TimeSpan(.seconds(2))
  @Option(
    name: .long,
    help: ArgumentHelp(
      "How long a file must hold still (default: what the policy says).", valueName: "time"))
  var quiet: TimeSpan?
  @Flag(name: .long, help: "One verdict a line, as JSON.") var json = false

  func run() async throws {
    let site = try options.ownSite()
    let hints = try ChangeHints([site.inbox])
    let signer = try KeyFolder(site.keys).identity(passphrase: secret.passphrase)
    let service = WatchService(
      site: site, signer: signer, hints: hints, poll: poll.duration, quiet: quiet?.duration,
      asJSON: json)
    var logger = Logger(label: "airlock.watch") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .error
    try await ServiceGroup(
      services: [service], gracefulShutdownSignals: [.sigterm, .sigint, .sighup], logger: logger
    ).run()
  }
}

/// The watcher in a task of its own, since it waits in system calls.
private struct WatchService: Service {
  let site: Site
  let signer: Identity
  let hints: ChangeHints
  let poll: Duration
  let quiet: Duration?
  let asJSON: Bool

  func run() async throws {
    let stop = StopFlag()
    try await withGracefulShutdownHandler {
      try await Task.detached { try watch(until: stop) }.value
    } onGracefulShutdown: {
      stop.raise()
      hints.wake()
    }
  }

  private func watch(until stop: StopFlag) throws {
    var complaints = Complaints()
    var site = site
    site.bounds.isStopped = { stop.isRaised }
    let watcher = try Watcher(site, signer: signer, clock: .system, quiet: quiet) {
      VerdictWording.say($0, asJSON: asJSON)
    } complain: { fault in
      if complaints.isNews(fault) { Terminal.complain(fault) }
    } isBack: {
      complaints = Complaints()
      Terminal.warn("the site is whole again")
    }
    if !asJSON { Terminal.say("watching \(Printable.quoted(site.inbox.path)); stop with Ctrl-C") }
    try watcher.watch(MachinePacing(hints, isStopped: { stop.isRaised }), poll: poll)
  }
}

/// Raised once, from whatever thread hears the signal.
private final class StopFlag: Sendable {
  private let flag = Mutex(false)

  var isRaised: Bool { flag.withLock { $0 } }
  func raise() { flag.withLock { $0 = true } }
}
