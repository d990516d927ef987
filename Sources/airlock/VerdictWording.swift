import Jobs
import JSONText
import Policies
import Store

/// Verdicts in plain words.
enum VerdictWording {
  static func say(_ end: Verdict.Summary, asJSON: Bool) {
    guard let verdict = try? JSONDocument(parsing: end.verdict).root.json else { return }
    if asJSON { return Terminal.say(verdict.line()) }
    for line in lines(verdict) { Terminal.say(line) }
  }

  /// The first line says how it ended; the others, indented, what there is to know.
  static func lines(_ verdict: JSON) -> [String] {
    let outcome = verdict["outcome"]?.text ?? "?"
    let name = verdict["drop"]?.text ?? "?"
    var lines = ["\(padded(outcome)) \(name)"]
    var details: [String] = []
    if let snapshot = verdict["snapshot"] { details += words(snapshot: snapshot) }
    if let job = verdict["job"] { details += words(job: job) }
    if let receipt = verdict["receipt"] { details.append(words(receipt: receipt)) }
    if let result = verdict["result"] { details += words(result: result) }
    if let deletion = verdict["deletion"] { details += words(deletion: deletion) }
    if let patch = verdict["patch"] { details += words(patch: patch) }
    if let reason = verdict["reason"] { details += words(reason: reason, as: nil) }
    if let more = verdict["faults"]?.elements?.count, more > 1 {
      details.append("and \(more - 1) more, see the verdict")
    }
    for warning in verdict["warnings"]?.elements ?? [] {
      details += words(reason: warning, as: "warning: ")
    }
    lines += details.map { padded("") + " " + $0 }
    return lines
  }

  private static func words(snapshot: JSON) -> [String] {
    guard case .object(let counts)? = snapshot["records"] else { return [] }
    let odk = SnapshotKind.odk.mainModel
    let model =
      counts.contains { $0.key == odk } ? odk : SnapshotKind.registry.mainModel
    let main = counts.first { $0.key == model }?.value.integer ?? 0
    let others = counts.filter { $0.key != model }
      .map { "\(grouped($0.value.integer ?? 0)) \($0.key)" }
    let lines = stride(from: 0, to: others.count, by: 4).map { start in
      (start == 0 ? "with " : "     ")
        + others[start..<min(start + 4, others.count)].joined(separator: ", ")
    }
    let plural = main == 1 ? "" : "s"
    let first =
      model == odk
      ? "\(grouped(main)) ODK submission\(plural) in force"
      : "snapshot in force: \(grouped(main)) partner\(plural)"
    return [first] + lines
  }

  private static func words(receipt: JSON) -> String {
    func text(_ key: String) -> String { receipt[key]?.text ?? "?" }
    return
      "archive \(receipt["sequence"]?.integer ?? 0) of \(text("stream")) is \(text("archive")): \(text("by")) has \(text("state")) it"
  }

  private static func words(result: JSON) -> [String] {
    func number(_ json: JSON?) -> String { grouped(json?.integer ?? 0) }
    func list(_ key: String, _ label: String) -> String? {
      guard case .object(let counts)? = result[key], !counts.isEmpty else { return nil }
      return label + counts.map { "\(number($0.value)) \($0.key)" }.joined(separator: ", ")
    }
    let first =
      "\(number(result["rows"])) rows: \(number(result["tokens"])) new tokens, \(number(result["known"])) known"
    let archives = (result["archives"]?.elements ?? []).map { archive in
      "archive \(number(archive["sequence"])) of \(archive["stream"]?.text ?? "?"): \(number(archive["answered"])) of \(number(archive["sent"])) answered"
    }
    let lists = [
      list("refused", "refused: "), list("ignored", "passed over: "), list("conflicts", "FROZEN: "),
    ]
    return [first] + lists.compactMap(\.self) + archives
  }

  private static func words(deletion: JSON) -> [String] {
    func number(_ key: String) -> String { grouped(deletion[key]?.integer ?? 0) }
    return [
      "policy \(deletion["policy"]?.text ?? "?"): \(number("matched")) matched, \(number("deleted")) VIDs of \(number("registrants")) registrants deleted",
      leftOut(deletion),
      "certificate: outbox/\(deletion["certificate"]?["file"]?.text ?? "?")",
    ].compactMap(\.self)
  }

  private static func words(patch: JSON) -> [String] {
    func number(_ key: String) -> String { grouped(patch[key]?.integer ?? 0) }
    let blank = (patch["set"]?.integer ?? 0) > 0 ? "\(number("set")) into blank rows, " : ""
    return [
      "for the registry: \(number("add")) tokens to add, \(blank)\(number("unlink")) VIDs to unlink",
      archive(patch),
    ].compactMap(\.self)
  }

  private static func leftOut(_ report: JSON) -> String? {
    guard case .object(let reasons)? = report["left_out"], !reasons.isEmpty else { return nil }
    return "left out: "
      + reasons.map { "\(grouped($0.value.integer ?? 0)) \($0.key)" }.joined(separator: ", ")
  }

  private static func archive(_ report: JSON) -> String? {
    report["archive"].map {
      "archive: outbox/\($0["file"]?.text ?? "?") (\(grouped($0["bytes"]?.integer ?? 0)) bytes)"
    }
  }

  private static func words(job: JSON) -> [String] {
    func number(_ key: String) -> Int64 { job[key]?.integer ?? 0 }
    let name = job["name"]?.text ?? "?"
    guard job["matched"] != nil else { return words(scheduled: job, name) }
    let lines = [
      "job \(name): \(grouped(number("matched"))) matched, \(grouped(number("sent"))) sent in \(grouped(number("batches"))) batch\(number("batches") == 1 ? "" : "es")"
    ]
    return lines + [leftOut(job), archive(job)].compactMap(\.self)
  }

  /// A job that was kept or stopped, and not run.
  private static func words(scheduled job: JSON, _ name: String) -> [String] {
    let runs = job["runs"]?.integer ?? 0
    let counts = "\(grouped(runs)) run\(runs == 1 ? "" : "s") so far"
    guard let next = job["next_run"]?.text else {
      return ["job \(name): \(job["state"]?.text ?? "?"), \(counts)"]
    }
    let every = job["interval_minutes"]?.integer.map { ", every \($0) minute\($0 == 1 ? "" : "s")" }
    return ["job \(name): next run at \(next)\(every ?? ""), \(counts)"]
  }

  private static func words(reason: JSON, as kind: String?) -> [String] {
    let message = Terminal.safe(reason["message"]?.text ?? "?")
    var lines = ["\(kind ?? "")\(message)"]
    if let hint = reason["hint"]?.text {
      lines.append("hint: \(Terminal.safe(hint))")
    }
    return lines
  }

  private static func padded(_ text: String) -> String {
    text + String(repeating: " ", count: max(0, 11 - text.count))
  }

  /// `1,234,567`
  static func grouped(_ number: Int64) -> String {
    let digits = String(number.magnitude)
    let first = digits.count % 3
    var groups = first > 0 ? [String(digits.prefix(first))] : []
    var rest = digits.dropFirst(first)
    while !rest.isEmpty {
      groups.append(String(rest.prefix(3)))
      rest = rest.dropFirst(3)
    }
    return (number < 0 ? "-" : "") + groups.joined(separator: ",")
  }
}
