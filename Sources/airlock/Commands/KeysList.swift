import ArgumentParser
import JSONText
import Jobs
import Keys
import Secrets

struct ListKeys: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List keys: whose, for what, and how long they are valid.",
    discussion: """
      A key that ends within 30 days is warned of.
      Exit status 1: a key is unfit, or a file does not belong among keys.

      Example:
        airlock keys list --root registry
      """)

  @OptionGroup var options: KeyOptions
  @Flag(name: .long, help: "As JSON.") var json = false

  func run() throws {
    let now = WallClock.system.now
    let keyring = try options.folder().keyring()
    let rows = keyring.entries.map { KeyRow($0, keyring, at: now) }
    if json {
      let signers = keyring.strangers.map { signer in
        ["name": .string(signer.name.text), "key_id": .string(signer.key.id.hex), "own": false]
          as JSON
      }
      Terminal.sayWhole(JSON.array(rows.map(\.json) + signers).pretty())
    } else {
      for row in rows { row.lines.forEach(Terminal.say) }
      for signer in keyring.strangers {
        Terminal.say("\(signer.name) (signs only)\n  key id      \(signer.key.id)")
      }
    }
    for row in rows { row.warn() }
    for fault in keyring.faults { Terminal.warn(fault.message, hint: fault.hint) }
    let isUnfit = rows.contains { $0.entry.place == .current && $0.isUnfit }
    if isUnfit || !keyring.faults.isEmpty { throw ExitCode(1) }
  }
}

/// One key of the list.
private struct KeyRow {
  let entry: Keyring.Entry
  private let isOwn: Bool
  private let state: KeyState
  private let revocation: Revocation?

  init(_ entry: Keyring.Entry, _ keyring: Keyring, at now: UTCTime) {
    self.entry = entry
    isOwn = entry.card.name == keyring.own
    state = keyring.state(of: entry, at: now)
    revocation = keyring.revocations.first { $0.keyID == entry.card.keyID }
  }

  var isUnfit: Bool { state.fault != nil && state.word != .next }

  private var card: Card { entry.card }

  private var usage: String {
    card.terms.usage.map { $0.map(\.rawValue).joined(separator: ", ") } ?? "all"
  }

  var json: JSON {
    [
      "name": .string(card.name.text), "key_id": .string(card.keyID.hex),
      "fingerprint": .string(card.fingerprint.text), "own": .bool(isOwn && entry.place == .current),
      "place": .string("\(entry.place)"), "state": .string(state.word.rawValue),
      "days_left": state.daysLeft.map { .int($0) } ?? .null,
      "ends": state.ends.map { .string($0.text) } ?? .null,
      "usage": .array((card.terms.usage ?? KeyUsage.allCases).map { .string($0.rawValue) }),
      "reason": state.fault.map { .string($0.message) } ?? .null,
    ]
  }

  var lines: [String] {
    let mark = isOwn && entry.place == .current ? " (own)" : ""
    return [
      "\(card.name)\(mark)\(entry.place == .current ? "" : " (\(entry.place))")",
      "  key id      \(card.keyID.hex)", "  fingerprint \(card.fingerprint)",
      "  state       \(words)", "  for         \(usage)",
    ]
  }

  private var words: String {
    switch state.word {
    case .valid: return state.daysLeft.map { "valid, \($0) days left" } ?? "valid"
    case .ending: return "ENDS in \(state.daysLeft ?? 0) days, on \(state.ends?.text ?? "")"
    case .next: return "next, from \(entry.from?.text ?? "")"
    case .notYetValid: return "NOT YET VALID, from \(card.terms.notBefore?.text ?? "")"
    case .expired, .retired:
      return "\(state.word.rawValue.uppercased()) on \(state.ends?.text ?? "")"
    case .revoked:
      return revocation.map { "REVOKED as \($0.reason.rawValue), since \($0.since)" } ?? "REVOKED"
    }
  }

  func warn() {
    guard entry.place != .earlier, state.isUrgent else { return }
    if let fault = state.fault { return Terminal.warn(fault.message, hint: fault.hint) }
    Terminal.warn(
      "the key \(card.keyID) of \(card.name) ends in \(state.daysLeft ?? 0) days",
      hint: entry.until != nil
        ? "finish the rotation: airlock keys rotate --finish"
        : isOwn
          ? "announce the next one: airlock keys rotate --announce"
          : "ask \(card.name) for the rotation")
  }
}
