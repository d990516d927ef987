// The words that every form of the report has in common.

extension AuditReport {
  package var headline: String {
    switch verdict {
    case .sound: "Sound"
    case .remarks: "Sound, with remarks"
    case .incomplete: "Incomplete"
    case .notSound: "Not sound"
    }
  }

  /// What the verdict says nothing of; nil when a kept checkpoint was compared.
  package var history: String? {
    ledger.earlier == nil ? "not compared: no earlier checkpoint was given (--after)" : nil
  }

  /// What stands below the headline.
  package var sentence: String {
    guard let stream else { return verdictSentence }
    return verdictSentence + " Only the stream \(stream) was looked at."
  }

  private var verdictSentence: String {
    let count = Count.words(archives.count, "archive")
    switch verdict {
    case .sound:
      return "All that left is recorded, and all that is recorded is as it was signed: \(count)."
    case .remarks:
      let rest = classes.map { "\($0.kind.rawValue) (\(Count.words($0.archives, "archive")))" }
      return "Nothing is wrong with what left: \(count). Worth a look: "
        + rest.joined(separator: ", ") + "."
    case .incomplete: return "Part of the outbox could not be read: nothing is known of it."
    case .notSound:
      let grave = classes.filter { $0.kind.isGrave }
      let names = grave.map { $0.kind.rawValue }.joined(separator: ", ")
      let worst = grave.first.map { Count.words($0.archives, "archive") } ?? ""
      // What is wrong with a certificate or the ledger may touch none.
      let touched = (grave.first?.archives ?? 0) > 0 ? " The gravest touches \(worst)." : ""
      return "Found: \(names).\(touched)"
    }
  }
}

/// Numbers as people read them.
package enum Count {
  /// `45,120`
  package static func grouped(_ number: some BinaryInteger) -> String {
    var out = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index % 3 == 0, digit != "-" { out.append(",") }
      out.append(digit)
    }
    return String(out.reversed())
  }

  /// `1 archive`, `45,120 archives`
  package static func words(_ number: some BinaryInteger, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
