import ArgumentParser
import Jobs
import Keys

struct Prune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Delete VIDs by the policies of policies/, now.",
    discussion: """
      The watcher does the same by itself, each policy at its interval.
      --dry-run lists what would go; a run that goes over the policy's
      bound stops, and --confirm lets that very list through.

      Examples:
        airlock prune --dry-run --root registry
        airlock prune --policy vids --root registry
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
  @Flag(name: .long, help: "As JSON.") var json = false

  func validate() throws {
    if confirm != nil, policy == nil { throw ValidationError("--confirm needs --policy") }
    if confirm != nil, dryRun { throw ValidationError("--confirm and --dry-run exclude each other") }
  }

  func run() throws {
    let site = try options.site(needsInbox: !dryRun)
    let work = PruneRun(policy: policy, site: site, asJSON: json)
    guard !dryRun else { return try work.show() }
    try work.run(
      confirm: confirm, signer: KeyFolder(site.keys).identity(passphrase: secret.passphrase))
  }
}
