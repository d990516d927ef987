internal import JSONText
internal import Secrets

extension AuditPage {
  /// The runs of VID-deletion policies: when, by which policy, how many.
  var erasures: String {
    """
    <section aria-labelledby="erased">
    <h2 id="erased">What was deleted</h2>
    \(report.archives.isEmpty ? dates : "")<p id="gone" role="status">\(Count.words(report.policyRuns.count, "run")), \(Count.words(report.deleted, "VID"))</p>
    <table id="erasures" role="table"><caption>Runs of VID-deletion policies, times in UTC</caption>
    <thead role="rowgroup"><tr role="row">\(Self.erasureTitles)</tr></thead>
    <tbody role="rowgroup">
    \(report.policyRuns.map(row).joined())</tbody></table></section>

    """
  }

  private static let erasureTitles = [
    ("When", false), ("Policy", false), ("VIDs", true), ("People", true), ("Stayed", true),
    ("Made from", false), ("Certificate", false),
  ].map { title, isNumber in
    "<th scope=\"col\" role=\"columnheader\"\(isNumber ? " class=\"number\"" : "")>\(title)</th>"
  }.joined()

  private func row(_ run: AuditedPolicyRun) -> String {
    let clock = run.at.text.dropFirst(11).prefix(5)
    let reasons = run.leftOut.filter { $0.value > 0 }.sorted { $0.key < $1.key }
      .map { "\(Count.grouped($0.value)) \(escaped($0.key))" }.joined(separator: ", ")
    let cells: [(String, String, String)] = [
      (
        "When", "when",
        "<time datetime=\"\(run.at)\">\(AuditPage.day(run.at)) <small>\(clock)</small></time>"
      ),
      ("Policy", "job", escaped(run.policy)), ("VIDs", "number", Count.grouped(run.deleted)),
      ("People", "number", Count.grouped(run.registrants)),
      ("Stayed", "number", "\(Count.grouped(run.stayed))<small>\(reasons)</small>"),
      (
        "Made from", "from",
        [("snapshot", run.snapshot), ("policy", run.policyDigest)].map {
          "<small>\($0) <code title=\"\($1.hex)\">\($1.hex.prefix(8))</code></small>"
        }.joined()
      ), ("Certificate", "state", state(run)),
    ]
    let text = cells.map { label, name, html in
      "<td role=\"cell\" class=\"\(name)\" data-label=\"\(label)\"><span>\(html)</span></td>"
    }.joined()
    return """
      <tr role="row" data-day="\(AuditPage.day(run.at))" data-vids="\(run.deleted)">\(text)</tr>

      """
  }

  private func state(_ run: AuditedPolicyRun) -> String {
    let words: [AuditedPolicyRun.State: String] = [
      .here: "in the outbox", .none: "nothing deleted",
    ]
    let word = words[run.state] ?? run.state.rawValue
    let kind = run.state == .none ? "retired" : run.state.rawValue
    return "<span class=\"badge \(kind)\">\(word)</span><small>\(escaped(run.file ?? ""))</small>"
  }

  /// A filter by date alone, where no archive left.
  private var dates: String {
    """
    <form id="filter" hidden aria-label="Show some runs only">
    <label>From <input type="date" name="from"></label>
    <label>Until <input type="date" name="until"></label>
    <button type="reset">Show all</button>
    </form>

    """
  }
}
