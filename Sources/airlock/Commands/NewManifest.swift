import ArgumentParser
import JSONText
import Jobs
import Language
import Policies

struct NewManifest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new-manifest",
    abstract: "Write a job manifest to begin with; its notes say what else there is.",
    discussion: """
      What is printed is sound as it stands. In a site it names the stream of
      the site's policy, and only fields that may leave.

      Examples:
        airlock new-manifest --name vid-monthly > job.json
        airlock new-manifest --schema > job.schema.json
      """)

  @Option(name: .long, help: "The job's name.") var name: String?
  @Option(name: .long, help: "The stream of the site's policy (default: its first).")
  var recipient: String?
  @Flag(name: .long, help: "The JSON Schema of manifests (draft 2020-12) instead.") var schema =
    false
  @Flag(name: .long, help: "A manifest is JSON already.") var json = false
  @OptionGroup var options: SiteOptions

  func run() throws {
    if schema { return Terminal.sayWhole(JobSchema.text) }
    var template = ManifestTemplate()
    if let site = try options.siteIfAny(), case .sound(let policy, _) = PolicyInForce.read(site) {
      template.recipient = recipient ?? policy.streams.keys.min() ?? template.recipient
      template.ceiling = policy.streams[template.recipient].map { Set($0.fields) }
    }
    if let name { template.name = name }
    if let recipient { template.recipient = recipient }
    let document = try JSONDocument(parsing: template.json.pretty())
    // A name of the command line may be none of a job.
    _ = try ManifestDecoder.order(document)
    Terminal.sayWhole(template.json.pretty())
  }
}
