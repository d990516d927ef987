import ArgumentParser
import JSONText
import Jobs
import Keys
import Store

struct Prune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Delete VIDs by the policies of policies/, and prove that they are gone.",
    discussion: """
      The watcher runs each policy at its interval by itself; this runs
      them now. --dry-run lists what would go. A run that goes over its
      policy's bound stops; --confirm lets that very list through.
      --verify reads every file of the site and looks for the VIDs that
      were deleted; it changes nothing, and may run beside a watcher.

      Exit status 0: done, or none is left; 1: a policy stopped or is
      faulty, or a deleted VID was found; 4: a file could not be looked
      into, so that nothing is proved.

      Examples:
        airlock prune --dry-run --root registry
        airlock prune --policy vids --root registry
        airlock prune --verify --root registry
      """)

  @OptionGroup var options: SiteOptions
  @OptionGroup var secret: PassphraseOptions
  @Option(name: .long, help: ArgumentHelp("Only this one.", valueName: "name"))
  var policy: String?
  @Flag(name: .long, help: "List what would be deleted, and delete nothing.") var dryRun = false
  @Option(
    name: .long,
    help: ArgumentHelp("Let the list through that the dry run gave this code.", valueName: "code"))
  var confirm: String?
  @Flag(name: .long, help: "Scan the site's files for deleted VIDs.") var verify = false
  @Flag(name: .long, help: "As JSON.") var json = false

  func validate() throws {
    if confirm != nil, policy == nil { throw ValidationError("--confirm needs --policy") }
    if [dryRun, verify, confirm != nil].count(where: \.self) > 1 {
      throw ValidationError("--dry-run, --verify and --confirm exclude each other")
    }
    if verify, policy != nil { throw ValidationError("--verify looks for every deleted VID") }
  }

  func run() throws {
    guard !verify else { return try check() }
    let site =
      dryRun ? try options.site(needsInbox: false) : try options.ownSite()
    let work = PruneRun(policy: policy, site: site, asJSON: json)
    guard !dryRun else { return try work.show() }
    try work.run(
      confirm: confirm, signer: KeyFolder(site.keys).identity(passphrase: secret.passphrase))
  }

  private func check() throws {
    let report = try ErasureCheck(options.site(needsInbox: true)).run()
    if json {
      Terminal.sayWhole(ErasureDocument(report).json.pretty())
    } else {
      for line in ErasureWording(report).lines(width: TerminalWidth.current) { Terminal.say(line) }
    }
    guard let report else { return }
    if report.found > 0 { throw ExitCode(1) }
    if !report.isWhole { throw ExitCode(4) }
  }
}
