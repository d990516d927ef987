internal import JSONText

/// Two charts as inline SVG: records by day, and by recipient. The script may shrink the bars to what
/// the filter shows; the scale stays that of all.
struct PageCharts {
  private let report: AuditReport
  private let periods: Periods
  private static let size = (width: 720.0, height: 220.0, left: 52.0, bottom: 26.0, top: 12.0)
  private static let mostRecipients = 20

  init(_ report: AuditReport, _ periods: Periods) {
    self.report = report
    self.periods = periods
  }

  var html: String {
    """
    <section class="charts" aria-label="Charts">
    <figure><figcaption>Records per \(periods.name)</figcaption>
    \(byDay)</figure>
    <figure><figcaption>Records per recipient</figcaption>
    \(byRecipient)</figure>
    </section>

    """
  }

  // MARK: by day

  private var byDay: String {
    let sums = report.archives.reduce(into: [Int64](repeating: 0, count: periods.count)) {
      $0[periods.index(of: $1.created)] += $1.records
    }
    let (top, size) = (PageCharts.ceiling(sums.max() ?? 0), PageCharts.size)
    let most = sums.indices.max { sums[$0] < sums[$1] } ?? 0
    let summary =
      "From \(AuditPage.day(periods.start(of: 0))), \(Count.words(sums.reduce(0, +), "record")) in all; "
      + "the most, \(Count.grouped(sums.isEmpty ? 0 : sums[most])), in the \(periods.name) of \(AuditPage.day(periods.start(of: most)))."
    return """
      <svg id="days" viewBox="0 0 \(Int(size.width)) \(Int(size.height))" role="img" aria-labelledby="days-title days-desc" data-top="\(top)">
      <title id="days-title">Records per \(periods.name)</title><desc id="days-desc">\(summary)</desc>
      \(grid(top))\(sums.indices.map { bar($0, sums[$0], of: top) }.joined())\(dates)</svg>

      """
  }

  private func grid(_ top: Int64) -> String {
    let (size, plot) = (PageCharts.size, plotHeight)
    return [0, top / 2, top].map { value in
      let y = PageCharts.point(size.top + plot * (1 - Double(value) / Double(top)))
      return """
        <line class="grid" x1="\(Int(size.left))" x2="\(Int(size.width))" y1="\(y)" y2="\(y)"/><text class="axis end" x="\(Int(size.left) - 8)" y="\(y)" dy="4">\(Count.grouped(value))</text>
        """
    }.joined()
  }

  private func bar(_ index: Int, _ records: Int64, of top: Int64) -> String {
    guard records > 0 else { return "" }
    let (size, slot) = (PageCharts.size, slot)
    let height = plotHeight * Double(records) / Double(top)
    let width = max(1, min(slot * 0.72, 40))
    let x = size.left + slot * Double(index) + (slot - width) / 2
    let y = size.top + plotHeight - height
    let day = AuditPage.day(periods.start(of: index))
    return """
      <rect class="bar" data-bar="\(index)" data-base="\(PageCharts.point(size.top + plotHeight))" data-plot="\(PageCharts.point(plotHeight))" x="\(PageCharts.point(x))" y="\(PageCharts.point(y))" width="\(PageCharts.point(width))" height="\(PageCharts.point(height))" rx="1.5"><title>\(day): \(Count.words(records, "record"))</title></rect>
      """
  }

  private var dates: String {
    let (size, last) = (PageCharts.size, periods.count - 1)
    let shown = Set([0, last / 3, last * 2 / 3, last]).sorted()
    return shown.map { index in
      let x = size.left + slot * (Double(index) + 0.5)
      let anchor = index == 0 ? "start" : index == last ? "end" : "middle"
      let at = index == 0 ? size.left : index == last ? size.width : x
      return
        "<text class=\"axis \(anchor)\" x=\"\(PageCharts.point(at))\" y=\"\(Int(size.height) - 6)\">\(AuditPage.day(periods.start(of: index)))</text>"
    }.joined()
  }

  private var plotHeight: Double {
    PageCharts.size.height - PageCharts.size.bottom - PageCharts.size.top
  }
  private var slot: Double {
    (PageCharts.size.width - PageCharts.size.left) / Double(max(1, periods.count))
  }

  // MARK: by recipient

  private var byRecipient: String {
    var sums: [String: Int64] = [:]
    for archive in report.archives {
      for name in archive.recipients { sums[name, default: 0] += archive.records }
    }
    let all = sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = all.prefix(PageCharts.mostRecipients)
    let top = max(1, shown.first?.value ?? 1)
    let bars = shown.enumerated().map { recipient($1.key, $1.value, of: top, at: $0) }.joined()
    let height = shown.count * 44 + 4
    let more = all.count - shown.count
    let note = more > 0 ? "<p class=\"note\">and \(more) more</p>" : ""
    let summary = shown.map { "\($0.key): \(Count.words($0.value, "record"))" }
      .joined(separator: "; ")
    return """
      <svg id="recipients" viewBox="0 0 360 \(height)" role="img" aria-labelledby="to-title to-desc" data-top="\(top)">
      <title id="to-title">Records per recipient</title><desc id="to-desc">\(escaped(summary))</desc>
      \(bars)</svg>\(note)

      """
  }

  private func recipient(_ name: String, _ records: Int64, of top: Int64, at index: Int) -> String {
    let y = index * 44
    let width = max(2, 360 * Double(records) / Double(top))
    let shown = name.count > 28 ? name.prefix(27) + "…" : name[...]
    return """
      <text class="name" x="0" y="\(y + 15)">\(escaped(String(shown)))</text><text class="value end" x="360" y="\(y + 15)" data-value="\(escaped(name))">\(Count.grouped(records))</text><rect class="track" x="0" y="\(y + 24)" width="360" height="10" rx="2"/><rect class="bar" data-to="\(escaped(name))" data-plot="360" x="0" y="\(y + 24)" width="\(PageCharts.point(width))" height="10" rx="2"/>
      """
  }

  // MARK: numbers

  /// The next of 2, 4, 10, 20, 40, … that is not less: its half is a round number too.
  private static func ceiling(_ value: Int64) -> Int64 {
    var step: Int64 = 1
    while step < .max / 20 {
      for factor in [2, 4, 6, 8, 10] as [Int64] where factor * step >= value {
        return factor * step
      }
      step *= 10
    }
    return value
  }

  private static func point(_ number: Double) -> String {
    String((number * 10).rounded() / 10)
  }
}
