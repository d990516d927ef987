import Audit
import JSONText
import Secrets

/// An audit's report in plain words: the verdict, what was found, what left to whom, and a line for
/// each archive. All that came from files passes `Terminal.safe`.
struct AuditWording {
  private let report: AuditReport
  private let fieldSets: [[String]]

  init(_ report: AuditReport) {
    self.report = report
    var sets: [[String]] = []
    var known: Set<[String]> = []
    for archive in report.archives where known.insert(archive.fields).inserted {
      sets.append(archive.fields)
    }
    fieldSets = sets
  }

  func lines(width: Int) -> [String] {
    var last = ""
    let summary = sections.flatMap { label, text in
      defer { last = label }
      return Columns(width: width).lay(label == last ? "" : label, Terminal.safe(text))
    }
    return summary + archives(width: width) + policyRuns(width: width)
  }

  private var sections: [(String, String)] {
    var sections = [("verdict", "\(report.headline.uppercased()). \(report.sentence)")]
    for summary in report.classes { sections += words(summary) }
    if let site = report.site {
      sections.append(
        ("site", "\(site.name), key \(site.keyID), fingerprint \(site.fingerprint)"))
    }
    sections.append(("ledger", ledger))
    if let history = report.history { sections.append(("history", history)) }
    sections.append(("left", left))
    sections += recipients.map { ("to", $0) }
    if let deleted { sections.append(("deleted", deleted)) }
    sections += fieldSets.enumerated().map { number, fields in
      ("fields", "\(letter(number)): \(fields.isEmpty ? "none" : fields.joined(separator: ", "))")
    }
    return sections
  }

  /// The class and what it touches, the first few findings of it, and what to do.
  private func words(_ summary: AuditReport.ClassSummary) -> [(String, String)] {
    let label = summary.kind.isGrave ? "FOUND" : "found"
    let kind = summary.kind.isGrave ? summary.kind.rawValue.uppercased() : summary.kind.rawValue
    let touched =
      "\(kind): touches \(Count.words(summary.archives, "archive")), \(Count.words(summary.records, "record"))"
    let all = report.findings.filter { $0.kind == summary.kind }
    let most = 5
    var lines = [touched] + all.prefix(most).map { "\($0.subject): \($0.message)" }
    if all.count > most { lines.append("and \(all.count - most) more: see --json") }
    return lines.map { (label, $0) } + [("do", summary.kind.advice)]
  }

  private var ledger: String {
    let ledger = report.ledger
    guard let head = ledger.head, let signed = ledger.signed else {
      return "\(Count.grouped(ledger.entries)) entries, under no signature"
    }
    let kept = ledger.earlier.map {
      "; the checkpoint that you kept had \(Count.grouped($0))"
    }
    return
      "\(Count.grouped(ledger.entries)) entries, signed \(StatusTime.moment(signed.seconds)), head \(head.hex.prefix(16))\(kept ?? "")"
  }

  private var left: String {
    guard let first = report.archives.first, let last = report.archives.last else {
      return "nothing yet"
    }
    let records = report.archives.reduce(0) { $0 + $1.records }
    let retired = report.archives.count { $0.state == .retired }
    return "\(Count.words(report.archives.count, "archive")), "
      + "\(Count.words(records, "record")), \(first.created.text.prefix(10)) to "
      + "\(last.created.text.prefix(10)); \(Count.grouped(report.verified)) verified here, "
      + "\(Count.grouped(retired)) retired"
  }

  private var recipients: [String] {
    var sums: [String: (archives: Int, records: Int64)] = [:]
    for archive in report.archives {
      for name in archive.recipients {
        sums[name, default: (0, 0)].archives += 1
        sums[name, default: (0, 0)].records += archive.records
      }
    }
    return sums.sorted { $0.key < $1.key }.map { name, sum in
      "\(name): \(Count.words(sum.archives, "archive")), \(Count.words(sum.records, "record"))"
    }
  }

  private var deleted: String? {
    guard let first = report.policyRuns.first, let last = report.policyRuns.last else { return nil }
    let certified = report.policyRuns.count { $0.state == .here }
    return "\(Count.words(report.deleted, "VID")) in "
      + "\(Count.words(report.policyRuns.count, "run")) of policies, \(first.at.text.prefix(10)) to "
      + "\(last.at.text.prefix(10)); \(Count.words(certified, "certificate")) verified here"
  }

  /// `A` to `Z`, then numbers.
  private func letter(_ number: Int) -> String {
    number < 26 ? String(UnicodeScalar(UInt8(65 + number))) : String(number + 1)
  }

  // MARK: a line for each archive

  private func archives(width: Int) -> [String] {
    guard !report.archives.isEmpty else { return [] }
    let letters = Dictionary(
      uniqueKeysWithValues: fieldSets.enumerated().map { ($1, letter($0)) })
    let rows = report.archives.map { row($0, letters[$0.fields] ?? "") }
    let table = AuditTable(AuditWording.titles, rows, numbers: [2, 4])
    return [""] + (table.width <= width ? table.lines : stacked(rows, width: width))
  }

  private static let titles = [
    "WHEN (UTC)", "STREAM", "NO", "TO", "RECORDS", "FIELDS", "JOB", "SNAPSHOT", "POLICY", "STATE",
  ]

  private func row(_ archive: AuditedArchive, _ fields: String) -> [String] {
    let version = archive.run.map { " v\($0.version)" } ?? ""
    let state = archive.acknowledged.map { "\(archive.state.rawValue), \($0)" }
    return [
      String(StatusTime.moment(archive.created.seconds).dropLast(4)), archive.stream,
      String(archive.sequence), archive.recipients.joined(separator: " "),
      Count.grouped(archive.records), fields, archive.job + version, short(archive.snapshot),
      short(archive.policy), state ?? archive.state.rawValue,
    ].map(Terminal.safe)
  }

  private func short(_ digest: SaltedDigest?) -> String {
    digest.map { String($0.hex.prefix(8)) } ?? "-"
  }

  // MARK: a line for each run of a policy

  private func policyRuns(width: Int) -> [String] {
    guard !report.policyRuns.isEmpty else { return [] }
    let rows = report.policyRuns.map { run in
      [
        String(StatusTime.moment(run.at.seconds).dropLast(4)), run.policy,
        Count.grouped(run.deleted), Count.grouped(run.registrants), Count.grouped(run.stayed),
        short(run.snapshot), short(run.policyDigest), run.state.rawValue,
      ].map(Terminal.safe)
    }
    let titles = [
      "WHEN (UTC)", "POLICY", "VIDS", "PEOPLE", "STAYED", "SNAPSHOT", "ITS TEXT", "CERTIFICATE",
    ]
    let table = AuditTable(titles, rows, numbers: [2, 3, 4])
    guard table.width > width else { return [""] + table.lines }
    return [""]
      + rows.flatMap { row in
        Columns(width: width).lay(
          row[1],
          "\(row[0]): \(row[2]) VIDs of \(row[3]) people deleted, \(row[4]) stayed; snapshot \(row[5]), certificate \(row[7])"
        )
      }
  }

  /// Where the table is too wide: the time, and the rest in words.
  private func stacked(_ rows: [[String]], width: Int) -> [String] {
    rows.flatMap { row in
      let text =
        "\(row[0]), to \(row[3]): \(row[4]) records, fields \(row[5]), job \(row[6]), snapshot \(row[7]), policy \(row[8]): \(row[9])"
      return Columns(width: width).lay("\(row[1])/\(row[2])", text)
    }
  }
}

/// Columns as wide as what is in them.
private struct AuditTable {
  let lines: [String]
  let width: Int

  /// - Parameter numbers: the columns that stand to the right.
  init(_ titles: [String], _ rows: [[String]], numbers: Set<Int>) {
    let all = [titles] + rows
    let widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    lines = all.map { row in
      let cells = zip(row, widths).enumerated().map { index, cell in
        let blanks = String(repeating: " ", count: cell.1 - cell.0.count)
        return numbers.contains(index) ? blanks + cell.0 : cell.0 + blanks
      }.joined(separator: "  ")
      return String(cells.reversed().drop { $0 == " " }.reversed())
    }
    width = widths.reduce(0, +) + 2 * (widths.count - 1)
  }
}
