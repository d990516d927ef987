import ArgumentParser
import Faults
import Files
import JSONText
import Jobs
import Policies

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Validate snapshots, manifests and policies. Touches nothing.",
    discussion: """
      A manifest is held against the policy, the keys and the snapshot of
      the site, if there is one; so is a VID-deletion policy.

      Example:
        airlock check job.json snapshot.ndjson.zst --root registry
      """)

  @Argument(help: "The files.") var files: [String]
  @OptionGroup var options: SiteOptions
  @Flag(name: .long, help: "One finding a line, as JSON.") var json = false

  func run() throws {
    let check = DropCheck(site: try options.siteIfAny())
    var worst: Int32 = 0
    for file in files {
      do {
        say(file, try check.check(path: file))
      } catch let fault as any Fault {
        let all = (fault as? FaultList)?.all ?? [fault]
        worst = all.map(\.blame.exitStatus).reduce(worst, max)
        say(file, all)
      }
    }
    if worst > 0 { throw ExitCode(worst) }
  }

  private func say(_ file: String, _ finding: DropCheck.Finding) {
    if json {
      let result: JSON = [
        "file": .string(file), "sound": true, "kind": .string(finding.kind),
        "facts": .array(finding.facts.map(JSON.string)),
        "warnings": .array(finding.warnings.map(\.json)),
      ]
      return Terminal.say(result.line())
    }
    Terminal.say("sound       \(Printable.quoted(file)) is a \(finding.kind)")
    for fact in finding.facts { Terminal.say("            \(fact)") }
    for warning in finding.warnings { Terminal.warn(warning.message, hint: warning.hint) }
  }

  /// - Parameter faults: at least one; the first is what a verdict would give as its reason.
  private func say(_ file: String, _ faults: [any Fault]) {
    if json {
      let first = faults.first
      let result: JSON = .object(present: [
        ("file", .string(file)), ("sound", false), ("code", first.map { .string($0.code) }),
        ("message", first.map { .string($0.message) }), ("where", first?.place?.json),
        ("hint", first?.hint.map { .string($0) }),
        ("faults", .array(faults.map { Verdict.Reason($0).json })),
      ])
      return Terminal.say(result.line())
    }
    let count = faults.count == 1 ? "" : ": \(faults.count) faults"
    Terminal.say("NOT SOUND   \(Printable.quoted(file))\(count)")
    for fault in faults { Terminal.complain(fault) }
  }
}
