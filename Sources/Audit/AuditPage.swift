internal import JSONText
internal import Secrets

/// The report as one page for a browser: no network, nothing beside it. Its content security policy
/// allows its own style and script by their hashes, and nothing else; without the script it shows
/// all there is.
///
/// Must never hold a text from outside that is not `escaped`.
package struct AuditPage {
  let report: AuditReport
  let periods: Periods

  /// What every page begins with.
  package static let opening = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-
    """

  package init(_ report: AuditReport) {
    self.report = report
    periods = Periods(report.archives)
  }

  /// Hands the page over piece by piece, an archive at a time.
  package func write(_ out: (String) throws -> Void) throws {
    try out(head)
    try out(verdict)
    try out(figures)
    try out(findings)
    if !report.archives.isEmpty {
      try out(PageCharts(report, periods).html)
      try out(filter)
      try out(tableHead)
      for archive in report.archives { try out(row(archive)) }
      try out("</tbody></table></section>\n")
    }
    if !report.policyRuns.isEmpty { try out(erasures) }
    try out(foot)
  }

  // MARK: front

  private var head: String {
    let title = "Audit of \(report.site?.name ?? "an outbox"): \(report.headline.lowercased())"
    let policy =
      "default-src 'none'; style-src '\(Self.hash(PageStyle.text))'; "
      + "script-src '\(Self.hash(PageScript.text))'; base-uri 'none'; form-action 'none'"
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>\(escaped(title))</title>
      <style>\(PageStyle.text)</style>
      </head>
      <body>
      <main>

      """
  }

  /// As a content security policy names an inline text.
  private static func hash(_ text: String) -> String {
    let stream = SHA256Stream()
    stream.update(Array(text.utf8))
    return "sha256-\(Base64.encode(Hex.decode(stream.finish()) ?? []))"
  }

  private var verdict: String {
    """
    <header class="verdict \(report.verdict.rawValue)">
    <p class="of">Audit of <b>\(escaped(report.site?.name ?? "an outbox"))</b>, made <time datetime="\(report.time)">\(Self.moment(report.time)) UTC</time></p>
    <h1>\(report.headline)</h1>
    <p class="sentence">\(escaped(report.sentence))</p>
    </header>

    """
  }

  private var figures: String {
    let records = report.archives.reduce(0) { $0 + $1.records }
    let recipients = Set(report.archives.flatMap(\.recipients)).count
    let period =
      report.archives.first.map { Self.day($0.created) } ?? "nothing left yet"
    let last = report.archives.last.map { Self.day($0.created) } ?? ""
    return """
      <section aria-label="In figures"><dl class="figures">
      <div><dt>Archives</dt><dd>\(Count.grouped(report.archives.count))</dd></div>
      <div><dt>Records</dt><dd>\(Count.grouped(records))</dd></div>
      <div><dt>Recipients</dt><dd>\(Count.grouped(recipients))</dd></div>
      <div><dt>VIDs deleted</dt><dd>\(Count.grouped(report.deleted))</dd></div>
      <div\(findingsKind)><dt>Findings</dt><dd>\(Count.grouped(report.findings.count))</dd></div>
      <div class="period"><dt>Period</dt><dd>\(period == last || last.isEmpty ? period : "<span class=\"day\">\(period) to</span> <span class=\"day\">\(last)</span>")</dd></div>
      </dl></section>

      """
  }

  private var findingsKind: String {
    guard let worst = report.findings.first?.kind else { return "" }
    return worst.isGrave ? " class=\"grave\"" : " class=\"found\""
  }

  // MARK: findings

  private var findings: String {
    guard !report.findings.isEmpty else { return "" }
    let rows = report.classes.map { summary in
      let all = report.findings.filter { $0.kind == summary.kind }
      let rest = Self.items(all.dropFirst(Self.shownFindings).prefix(Self.mostFindings))
      let more =
        rest.isEmpty
        ? ""
        : "<details><summary>\(Count.grouped(all.count - Self.shownFindings)) more</summary><ul>\(rest)</ul></details>"
      return """
        <tr class="\(summary.kind.isGrave ? "grave" : "mild")">
        <th scope="row">\(summary.kind.rawValue)</th>
        <td class="number" data-label="Archives">\(Count.grouped(summary.archives))</td>
        <td class="number" data-label="Records">\(Count.grouped(summary.records))</td>
        <td><ul>\(Self.items(all.prefix(Self.shownFindings)))</ul>\(more)<p class="next"><b>Next:</b> \(escaped(summary.kind.advice)).</p></td>
        </tr>

        """
    }.joined()
    return """
      <section aria-labelledby="found">
      <h2 id="found">What was found</h2>
      <table class="findings"><thead><tr><th scope="col">Class</th><th scope="col" class="number">Archives</th><th scope="col" class="number">Records</th><th scope="col">What, and what to do</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></section>

      """
  }

  private static let shownFindings = 5
  /// Behind those that are shown at once; all are in the JSON report.
  private static let mostFindings = 1_000

  private static func items(_ findings: some Sequence<Finding>) -> String {
    findings.map {
      "<li><code>\(escaped($0.subject))</code> \(escaped($0.message))</li>"
    }.joined()
  }

  // MARK: back

  private var foot: String {
    let ledger = report.ledger
    let signed =
      ledger.signed.map { "signed \(Self.moment($0)) UTC" } ?? "under no signature that counts"
    let kept = ledger.earlier.map {
      "<div><dt>Kept checkpoint</dt><dd>\(Count.grouped($0)) entries</dd></div>"
    }
    let site = report.site.map {
      """
      <div><dt>Signing key</dt><dd><code>\(escaped($0.keyID))</code></dd></div>
      <div><dt>Fingerprint</dt><dd><code>\(escaped($0.fingerprint))</code></dd></div>
      """
    }
    return """
      <footer><h2>What this rests on</h2><dl>
      \(site ?? "")
      <div><dt>Ledger</dt><dd>\(Count.grouped(ledger.entries)) entries, \(signed)</dd></div>
      <div><dt>Last entry</dt><dd><code>\(ledger.head?.hex ?? "unknown")</code></dd></div>
      \(kept ?? "")
      \(report.history.map { "<div><dt>History</dt><dd>\($0)</dd></div>" } ?? "")
      <div><dt>Files verified</dt><dd>\(Count.grouped(report.verified))</dd></div>
      </dl></footer>
      </main>
      <script>\(PageScript.text)</script>
      </body>
      </html>

      """
  }

  static func day(_ time: UTCTime) -> String { String(time.text.prefix(10)) }

  static func moment(_ time: UTCTime) -> String {
    "\(day(time)) \(time.text.dropFirst(11).prefix(5))"
  }
}
