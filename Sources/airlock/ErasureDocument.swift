import JSONText
import Store

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
