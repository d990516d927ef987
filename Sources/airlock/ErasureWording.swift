import Store

/// A scan for deleted VIDs in plain words: the verdict first, then what was found, then what was
/// looked at.
struct ErasureWording {
  private let report: ErasureReport?
  /// So many files are named for each kind.
  private static let named = 20

  init(_ report: ErasureReport?) { self.report = report }

  func lines(width: Int) -> [String] {
    var last = ""
    return sections.flatMap { label, text in
      defer { last = label }
      return Columns(width: width).lay(label == last ? "" : label, text)
    }
  }

  private var sections: [(String, String)] {
    guard let report else { return [("deleted", "no VID was ever deleted here")] }
    return [("deleted", verdict(report))] + findings(report)
      + report.areas.map { ("scanned", words($0)) } + inside(report) + skipped(report)
  }

  private func verdict(_ report: ErasureReport) -> String {
    let deleted = "\(Self.count(report.erased, "deleted VID"))"
    let beyond =
      report.unsearchable == 0
      ? ""
      : "; \(grouped(report.unsearchable)) more cannot be looked for (shorter than"
        + " \(ErasedPrints.shortest) bytes, or longer than \(ErasedPrints.longest))"
    if report.found > 0 {
      return "FOUND in \(Self.count(report.found, "file")): of \(deleted)\(beyond)"
    }
    if !report.isWhole { return "NOT PROVED: of \(deleted), none was found\(beyond)" }
    return "none of \(deleted) is left\(beyond)"
  }

  // MARK: What was found

  private func findings(_ report: ErasureReport) -> [(String, String)] {
    ErasureReport.Finding.Kind.allCases.flatMap { kind -> [(String, String)] in
      let found = report.findings.filter { $0.kind == kind }
      guard !found.isEmpty else { return [] }
      if kind == .sealedToSite {
        return [("sealed", "\(Self.count(found.count, "file")) \(hint(found[0]))")]
      }
      let rest = found.count - Self.named
      return found.prefix(Self.named).map { ("found in", words($0)) }
        + (rest > 0 ? [("found in", "\(grouped(rest)) more files: see --json")] : [])
    } + (report.moreFindings > 0 ? [("found in", "\(grouped(report.moreFindings)) more")] : [])
  }

  private func words(_ finding: ErasureReport.Finding) -> String {
    let times = finding.hits == 1 ? "once" : "\(grouped(finding.hits)) times"
    let inside = finding.kind == .packed ? ", in what is packed there" : ""
    return "\(finding.path): \(times)\(inside); \(hint(finding))"
  }

  private func hint(_ finding: ErasureReport.Finding) -> String {
    let path = finding.path
    if finding.kind == .sealedToSite {
      return "sealed to this site, which can open them and may find anything there:"
        + " drops that wait or are held, and, where retention.accepted is seal, store/archive"
    }
    if path.hasPrefix("inbox/rejected/") {
      return "a held drop: airlock reject NAME, or drop the next snapshot without it"
    }
    if path.hasPrefix("inbox/accepted/") { return "delete the file" }
    if path.hasPrefix("inbox/") { return "it waits: taken in, it goes; or delete it" }
    if path.hasPrefix("store/snapshot.sqlite") || path.hasPrefix("store/odk.sqlite") {
      return "the same value of another id type, of another registrant, or within a longer text"
    }
    return "not a file that airlock writes VIDs to: find out who did, and delete it"
  }

  // MARK: What was looked at

  private func words(_ area: ErasureReport.Area) -> String {
    "\(area.name)/: \(Self.count(area.folders, "folder")), \(Self.count(area.files, "file")), "
      + "\(VerdictWording.grouped(area.bytes)) bytes"
  }

  private func inside(_ report: ErasureReport) -> [(String, String)] {
    var lines: [(String, String)] = []
    if report.unpacked > 0 {
      lines.append(("unpacked", "\(Self.count(report.unpacked, "packed file")), looked into"))
    }
    if report.sealedToOthers > 0 {
      let archives = Self.count(report.sealedToOthers, "archive")
      lines.append(("sealed", "\(archives), to others: nobody here can read inside"))
    }
    return lines
  }

  private func skipped(_ report: ErasureReport) -> [(String, String)] {
    ErasureReport.Skipped.allCases.compactMap { reason in
      report.skipped[reason].map { ("skipped", "\(grouped($0)) \(words(reason))") }
    } + report.doubtful.map { ("in doubt", $0) }
  }

  private func words(_ reason: ErasureReport.Skipped) -> String {
    switch reason {
    case .secretKey: "with secret keys, which are never opened"
    case .symbolicLink: "symbolic links, which are not followed"
    case .special: "sockets, pipes or devices"
    case .vanished: "that went away meanwhile"
    case .changing: "that changed each time they were read: scan again"
    case .unreadable: "that CANNOT BE READ"
    case .notUnpacked: "that CANNOT BE UNPACKED: their own bytes were looked at"
    case .beyondLimit: "BEYOND the number or depth of files that a scan goes to"
    }
  }

  private func grouped(_ count: Int) -> String { VerdictWording.grouped(Int64(count)) }

  private static func count(_ count: Int, _ noun: String) -> String {
    "\(VerdictWording.grouped(Int64(count))) \(noun)\(count == 1 ? "" : "s")"
  }
}
