import Archives
import ArgumentParser
import Audit
import Faults
import Files
import JSONText
import Jobs
import Keys
import Secrets

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check archives and signed documents. Needs no secret key.",
    discussion: """
      Archives: form, signature, sender. Also INDEX.json, CHECKPOINT.json,
      receipts, certificates, rotations and lists of revoked keys: by every
      rule of their kind, the file's name too. A .minisig is checked with the
      file that it is of.
      Without --sender, the cards in the site's keys/ say whose signatures
      count.

      Example:
        airlock verify outbox/mts/*.sealed --sender registry.card.json
      """)

  @Argument(help: "The files.") var files: [String]
  @OptionGroup var options: SiteOptions
  @OptionGroup var senders: SenderOptions
  @Flag(name: .long, help: "One finding a line, as JSON.") var json = false

  func run() throws {
    let keyring = try senders.keyring(in: options.root + "/keys")
    var worst: Int32 = 0
    for path in files where !isBesideAnother(path) {
      do {
        if let document = try NamedDocument(path) {
          say(path, try document.verified(by: keyring))
        } else {
          say(path, try keyring.verified(UnverifiedArchive(path: path)))
        }
      } catch let fault as any Fault {
        worst = max(worst, fault.blame == .input ? 3 : fault.blame.exitStatus)
        say(path, fault)
      }
    }
    if worst > 0 { throw ExitCode(worst) }
  }

  /// A signature whose file is named too.
  private func isBesideAnother(_ path: String) -> Bool {
    let ending = SignedDocument.signatureEnding
    return path.hasSuffix(ending) && files.contains(String(path.dropLast(ending.count)))
  }

  private func say(_ path: String, _ archive: VerifiedArchive) {
    for warning in archive.warnings { Terminal.warn(warning) }
    let draft = archive.header.draft
    if json {
      let finding: JSON = [
        "file": .string(path), "authentic": true, "sender": .string(archive.sender.name.text),
        "digest": .string(archive.digest.hex), "stream": .string(draft.stream.text),
        "sequence": .int(draft.sequence),
      ]
      return Terminal.say(finding.line())
    }
    Terminal.say(
      "authentic   \(Printable.quoted(path)): \(draft.kind.rawValue) \(draft.sequence) of stream \(draft.stream), signed by \(archive.sender.name)"
    )
  }

  private func say(_ path: String, _ document: SignedDocument) {
    if json {
      let finding: JSON = [
        "file": .string(path), "authentic": true, "sender": .string(document.sender.text),
        "kind": .string(document.kind.rawValue),
      ]
      return Terminal.say(finding.line())
    }
    Terminal.say(
      "authentic   \(Printable.quoted(path)): \(document.kind.rawValue), signed by \(document.sender)"
    )
  }

  private func say(_ path: String, _ fault: any Fault) {
    if json {
      let finding: JSON = [
        "file": .string(path), "authentic": false, "code": .string(fault.code),
        "message": .string(fault.message),
      ]
      Terminal.say(finding.line())
    } else {
      Terminal.say("NOT SOUND   \(Printable.quoted(path)): \(fault.message)")
    }
    Terminal.complain(fault)
  }
}

/// A signed document that a person named, told by its content.
private struct NamedDocument {
  private let document: UnverifiedDocument
  private let name: String

  /// Nil for what is no document of ours.
  init?(_ path: String) throws {
    guard path.hasSuffix(".json") else { return nil }
    let text = try OpenFile(path: path, rules: .named(limit: 64 << 20)).readAll()
    let limits = JSONLimits(bytes: text.count)
    guard let json = try? JSONDocument(parsing: text, limits: limits).root.json,
      let word = json["airlock"]?.text,
      let kind = SignedDocument.Kind(rawValue: word)
    else { return nil }
    let signature: [UInt8]
    do throws(FileFault) {
      let rules = OpenRules.named(limit: Int64(Minisign.maxBytes))
      signature = try OpenFile(path: path + SignedDocument.signatureEnding, rules: rules).readAll()
    } catch {
      guard error.kind == .notFound else { throw error }
      throw KeysFault(
        .signatureMissing, "there is no signature beside the \(word)",
        hint: "carry the .minisig too")
    }
    document = try UnverifiedDocument(text, signature: signature, kind: kind)
    name = path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The signature, all that its kind must be, and that its key could make it when it says it was
  /// made.
  func verified(by keyring: Keyring) throws -> SignedDocument {
    let signed = try SignedPaper.verify(document, named: name, byOneOf: keyring.cards)
    if let card = keyring.cards.first(where: { $0.keyID == document.senderKeyID }) {
      let made = signed.json["at"]?.text.flatMap { UTCTime(text: $0) }
      try keyring.check(card, for: signed.kind.usage, at: WallClock.system.now, made: made)
    }
    return signed
  }
}
