internal import JSONText
internal import Secrets

extension AuditPage {
  /// Hidden until the script shows it: without one it would do nothing.
  var filter: String {
    func options(_ names: Set<String>) -> String {
      names.sorted().map { "<option>\(escaped($0))</option>" }.joined()
    }
    let recipients = options(Set(report.archives.flatMap(\.recipients)))
    let jobs = options(Set(report.archives.map(\.job)))
    let ends = [report.archives.first?.created, report.archives.last?.created]
    let runs = [report.policyRuns.first?.at, report.policyRuns.last?.at]
    let days = (ends + runs).compactMap { $0.map(AuditPage.day) }
    let all = Count.words(report.archives.count, "archive")
    return """
      <section aria-labelledby="left">
      <h2 id="left">What left</h2>
      <form id="filter" hidden aria-label="Show some archives only">
      <label>Recipient <select name="to"><option value="">all</option>\(recipients)</select></label>
      <label>Job <select name="job"><option value="">all</option>\(jobs)</select></label>
      <label>From <input type="date" name="from" min="\(days.min() ?? "")" max="\(days.max() ?? "")"></label>
      <label>Until <input type="date" name="until" min="\(days.min() ?? "")" max="\(days.max() ?? "")"></label>
      <button type="reset">Show all</button>
      </form>
      <p id="shown" role="status">\(all)</p>

      """
  }

  var tableHead: String {
    let titles = [
      "When", "Archive", "To", "Records", "Fields", "Job", "Made from", "State",
    ].map { title in
      "<th scope=\"col\" role=\"columnheader\"\(title == "Records" ? " class=\"number\"" : "")>\(title)</th>"
    }.joined()
    return """
      <table id="archives" role="table"><caption>Archives that left, times in UTC</caption>
      <thead role="rowgroup"><tr role="row">\(titles)</tr></thead>
      <tbody role="rowgroup">

      """
  }

  func row(_ archive: AuditedArchive) -> String {
    let cells: [(String, String, String)] = [
      ("When", "when", time(archive)),
      (
        "Archive", "archive",
        "\(escaped(archive.stream)) <b>\(archive.sequence)</b><small>\(escaped(archive.file))</small>"
      ),
      ("To", "to", archive.recipients.map(escaped).joined(separator: ", ")),
      ("Records", "number", Count.grouped(archive.records)),
      ("Fields", "fields", fields(archive)),
      ("Job", "job", job(archive)),
      ("Made from", "from", sources(archive)),
      ("State", "state", state(archive)),
    ]
    let text = cells.map { label, name, html in
      "<td role=\"cell\" class=\"\(name)\" data-label=\"\(label)\"><span>\(html)</span></td>"
    }.joined()
    let to = archive.recipients.map(escaped).joined(separator: " ")
    return """
      <tr role="row" data-to="\(to)" data-job="\(escaped(archive.job))" data-day="\(AuditPage.day(archive.created))" data-records="\(archive.records)" data-bar="\(periods.index(of: archive.created))">\(text)</tr>

      """
  }

  private func time(_ archive: AuditedArchive) -> String {
    let clock = archive.created.text.dropFirst(11).prefix(5)
    return
      "<time datetime=\"\(archive.created)\">\(AuditPage.day(archive.created)) <small>\(clock)</small></time>"
  }

  private func fields(_ archive: AuditedArchive) -> String {
    archive.fields.isEmpty
      ? "none" : archive.fields.map { "<code>\(escaped($0))</code>" }.joined(separator: " ")
  }

  private func job(_ archive: AuditedArchive) -> String {
    guard let run = archive.run else { return escaped(archive.job) }
    let conditions = run.conditions.map(escaped).joined(separator: ", ")
    return "\(escaped(archive.job)) <small>version \(run.version), "
      + "\(Count.grouped(run.matched)) matched\(conditions.isEmpty ? "" : ": \(conditions)")</small>"
  }

  private func sources(_ archive: AuditedArchive) -> String {
    [("snapshot", archive.snapshot), ("policy", archive.policy), ("manifest", archive.manifest)]
      .compactMap { name, digest in
        digest.map { "<small>\(name) <code title=\"\($0.hex)\">\($0.hex.prefix(8))</code></small>" }
      }.joined()
  }

  private func state(_ archive: AuditedArchive) -> String {
    let word = archive.state == .here ? "in the outbox" : archive.state.rawValue
    let silent = archive.state == .here ? "no receipt yet" : ""
    let answer = "<small>\(escaped(archive.acknowledged ?? silent))</small>"
    return "<span class=\"badge \(archive.state.rawValue)\">\(word)</span>\(answer)"
  }
}
