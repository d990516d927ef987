import ArgumentParser
import JSONText
import Jobs
import Store

struct Prune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Deleted VIDs: proof that none is left in the site's files.",
    discussion: """
      --verify reads every file of the site and looks for the VIDs that
      were deleted; it changes nothing, and may run beside a watcher.
      Exit status 0: none is left; 1: something was found; 4: a file
      could not be looked into, so that nothing is proved.

      Example:
        airlock prune --verify --root registry
      """)

  @OptionGroup var options: SiteOptions
  @Flag(name: .long, help: "Scan the site's files for deleted VIDs.") var verify = false
  @Flag(name: .long, help: "As JSON.") var json = false

  func validate() throws {
    guard verify else { throw ValidationError("say what to do: --verify") }
  }

  func run() throws {
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

/// The scan for programs.
struct ErasureDocument {
  private let report: ErasureReport?

  init(_ report: ErasureReport?) { self.report = report }

  var json: JSON {
    guard let report else { return ["deleted": 0, "found": 0, "whole": true] }
    let skipped = report.skipped.sorted { $0.key.rawValue < $1.key.rawValue }
    return [
      "deleted": .count(report.erased), "unsearchable": .count(report.unsearchable),
      "lengths": .count(report.lengths), "found": .count(report.found),
      "whole": .bool(report.isWhole), "scanned": .array(report.areas.map(area)),
      "unpacked": .count(report.unpacked), "sealed_to_others": .count(report.sealedToOthers),
      "skipped": .object(skipped.map { JSON.Member($0.key.rawValue, .count($0.value)) }),
      "not_whole": .array(report.doubtful.map(JSON.string)),
      "findings": .array(report.findings.map(finding)),
    ]
  }

  private func area(_ area: ErasureReport.Area) -> JSON {
    [
      "folder": .string(area.name), "folders": .count(area.folders), "files": .count(area.files),
      "bytes": .int(area.bytes),
    ]
  }

  private func finding(_ finding: ErasureReport.Finding) -> JSON {
    [
      "file": .string(finding.path), "kind": .string(finding.kind.rawValue),
      "hits": .count(finding.hits),
    ]
  }
}
