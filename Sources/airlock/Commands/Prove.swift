import ArgumentParser
import Audit
import Faults
import Files
import JSONText
import Jobs
import Language
import Ledger
import Policies
import Secrets
import Store

struct Prove: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prove that the ledger tells of a file, to who may see the file.",
    discussion: """
      Verdicts, headers and the ledger show digests salted, so that nobody can
      test a guess. The site knows the salts: it finds where a drop, a manifest
      with its filter, a snapshot or a policy is shown. --proof writes the
      salts down for an auditor who is given the file; who else has that proof
      can test guesses at this file. The auditor needs no secret: --check.

      Exit status: 0 it stands in the ledger; 1 it does not; 3 the proof is not
      of this file.

      Examples:
        airlock prove job.json --root registry --proof job.proof.json
        airlock prove job.json --check job.proof.json --outbox /media/outbox
      """)

  @Argument(help: "The file, byte for byte as it was dropped.") var file: String
  @OptionGroup var options: SiteOptions
  @Option(help: ArgumentHelp("Write the proof here.", valueName: "file")) var proof: String?
  @Option(help: ArgumentHelp("Check this proof; needs no site.", valueName: "file"))
  var check: String?
  @Option(help: ArgumentHelp("The outbox (default: the site's).", valueName: "dir"))
  var outbox: String?
  @Flag(help: "As JSON.") var json = false

  func validate() throws {
    if proof != nil, check != nil {
      throw ValidationError("--proof and --check exclude each other")
    }
  }

  func run() throws {
    let content = try ProvenContent(path: file)
    let proofs: [DigestProof]
    if let check {
      proofs = try DigestProof.read(
        OpenFile(path: check, rules: .named(limit: DigestProof.maxBytes)).readAll())
      guard !proofs.isEmpty, proofs.allSatisfy({ content.holds($0) }) else {
        throw ProofFault.ofAnotherFile
      }
    } else {
      proofs = try find(content)
      if let proof, !proofs.isEmpty { try write(DigestProof.text(of: proofs), to: proof) }
    }
    let places = try places(of: proofs)
    say(places)
    if places.isEmpty { throw ExitCode(1) }
  }

  private func ledger() throws -> LedgerFolder {
    let outbox = try Folder(path: outbox ?? options.root + "/outbox")
    return LedgerFolder(try outbox.subfolder(LedgerFolder.name))
  }

  /// What the site has shown of it, each once.
  private func find(_ content: ProvenContent) throws -> [DigestProof] {
    let salts = try SiteSalts(existingIn: options.site(needsInbox: false).store)
    var proofs: [DigestProof] = []
    _ = try ledger().entries { entry in
      for place in ShownDigest.all(in: entry) {
        guard let digest = content.digest(of: place.word) else { continue }
        let salt = salts.salt(of: digest, place.word, drop: place.drop)
        let proof = DigestProof(word: place.word, salt: salt, shown: place.shown)
        if proof.holds(for: digest), !proofs.contains(proof) { proofs.append(proof) }
      }
    }
    return proofs
  }

  /// Where they stand.
  private func places(of proofs: [DigestProof]) throws -> [ShownDigest] {
    let wanted = Set(proofs.map(\.shown))
    var places: [ShownDigest] = []
    _ = try ledger().entries { entry in
      places += ShownDigest.all(in: entry).filter { wanted.contains($0.shown) }
    }
    return places
  }

  private func say(_ places: [ShownDigest]) {
    if json {
      let list = places.map { place -> JSON in
        [
          "entry": .int(place.entry), "kind": .string(place.kind.rawValue),
          "member": .string(place.member), "word": .string(place.word.rawValue),
          "shown": .string(place.shown.hex),
        ]
      }
      return Terminal.sayWhole((["places": .array(list)] as JSON).pretty())
    }
    guard !places.isEmpty else { return Terminal.say("the ledger does not tell of this file") }
    for place in places {
      Terminal.say(
        "entry \(place.entry), \(place.kind.rawValue): its \(place.member) is this file's \(place.word.rawValue), shown as \(place.shown.hex)"
      )
    }
  }

  private func write(_ text: String, to path: String) throws {
    let (folder, name) = (Paths.parent(of: path), path.split(separator: "/").last ?? "")
    let entry = try EntryName(String(name))
    try AtomicFile.write(text, as: entry, in: Folder(path: folder), mode: 0o600)
  }
}

/// A file in whose digests an outbox may be tried.
private struct ProvenContent {
  private let digest: Digest
  private let filter: Digest?

  init(path: String) throws {
    let stream = DigestStream()
    try OpenFile(path: path, rules: .named(limit: .max)).forEachPiece { stream.update($0) }
    digest = stream.finish()
    filter = ProvenContent.filter(path)
  }

  func digest(of word: SaltedDigest.Word) -> Digest? { word == .filter ? filter : digest }

  func holds(_ proof: DigestProof) -> Bool { digest(of: proof.word).map(proof.holds) ?? false }

  /// Of a job's manifest.
  private static func filter(_ path: String) -> Digest? {
    let rules = OpenRules.named(limit: IntakeLimits().manifestBytes)
    guard let text = try? OpenFile(path: path, rules: rules).readAll(),
      let document = try? JSONDocument(parsing: text),
      let manifest = try? ManifestDecoder.decode(document)
    else { return nil }
    return Digest(of: manifest.filterText)
  }
}

/// Why a proof proves nothing.
private struct ProofFault: Fault {
  let code: String
  let message: String
  let hint: String?
  var blame: Blame { .authenticity }

  static let ofAnotherFile = ProofFault(
    code: "proof_differs", message: "the proof is not of this file",
    hint: "ask for the file byte for byte as it was dropped, and for the proof that was made of it")
}
