import ArgumentParser
import Audit
import Faults
import Files
import Foundation
import JSONText
import Keys
import Ledger

struct AuditOutbox: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Hold an outbox against its ledger: what left, when, to whom, and whether all is as "
      + "it was signed. Needs no secret key.",
    discussion: """
      Reads only: no lock, no store, no inbox. An account that may read
      outbox/ and the cards is enough; name them with --outbox and --keys.
      Keep outbox/LEDGER/CHECKPOINT.json and its .minisig after each audit,
      and give them to the next one with --after.

      Exit status, of what is gravest:
        0   all is sound
        1   remarks, or archives without a receipt for long
        2   wrong use
        3   an archive or receipt is altered, or not authentic
        4   something could not be read
        11  archives are missing
        12  there is what no entry records
        13  archives stand under others' names, or out of order
        14  two archives claim one number
        15  an index differs, or is not authentic
        16  the ledger is broken, rolled back or forked
        17  a key signed what it must not

      Examples:
        airlock audit --root registry
        airlock audit --outbox /media/outbox --keys cards \\
          --after kept/CHECKPOINT.json --html audit.html
      """)

  @OptionGroup var options: SiteOptions
  @Option(help: ArgumentHelp("The outbox (default: the site's).", valueName: "dir"))
  var outbox: String?
  @Option(help: ArgumentHelp("Cards whose signatures count.", valueName: "dir"))
  var keys: String?
  @Option(help: ArgumentHelp("The checkpoint kept from the last audit.", valueName: "file"))
  var after: String?
  @Option(help: ArgumentHelp("This stream only.", valueName: "name"))
  var stream: String?
  @Option(
    help: ArgumentHelp(
      "Days after which a receipt should be there; status goes by the site's policy instead.",
      valueName: "days"))
  var overdue: UInt16 = 30
  @Flag(help: "As JSON.") var json = false
  @Option(help: ArgumentHelp("Write a page for a browser as well.", valueName: "file"))
  var html: String?

  func run() async throws {
    if let html { try checkPlace(of: html) }
    let report = try await report()
    if let stream, !report.streams.contains(stream) {
      let names = report.streams.map(Printable.quoted).joined(separator: ", ")
      throw UsageFault(
        "there is no stream \(Printable.quoted(stream)); there are \(names.isEmpty ? "none" : names)"
      )
    }
    if let html { try write(report, to: html) }
    if json {
      Terminal.sayWhole(report.json.pretty())
    } else {
      for line in AuditWording(report).lines(width: TerminalWidth.current) { Terminal.say(line) }
      if let html {
        for line in Columns(width: TerminalWidth.current).lay("page", Terminal.safe(html)) {
          Terminal.say(line)
        }
      }
    }
    if report.exitStatus != 0 { throw ExitCode(report.exitStatus) }
  }

  private func report() async throws -> AuditReport {
    let keyring = try keyring()
    let folder = try folder(path)
    try requireOutbox(folder)
    let time = UTCTime(clamping: Int64(Date().timeIntervalSince1970))
    return try await Audit(
      folder, keyring: keyring, earlier: after.map { try earlier($0, keyring.cards) },
      stream: stream,
      overdue: Int64(overdue) * 86_400, time: time
    ).run()
  }

  private var path: String { outbox ?? options.root + "/outbox" }

  /// A folder without a ledger and without any stream is another one than was meant.
  private func requireOutbox(_ folder: Folder) throws {
    if try folder.exists(LedgerFolder.name) { return }
    for name in try folder.names(limit: 1_000_000) {
      guard try folder.status(of: name)?.kind == .folder else { continue }
      // What cannot be read may well be a stream: the audit says so.
      guard let names = try? folder.subfolder(name).names(limit: 1_000_000) else { return }
      if names.contains(where: { $0 == "INDEX.json" || $0.hasSuffix(".sealed") }) { return }
    }
    let inner = path + "/outbox"
    throw UsageFault(
      "this is no outbox: \(Printable.quoted(path))",
      hint: try folder.exists("outbox")
        ? "did you mean \(Printable.quoted(inner))?" : "an outbox has a folder LEDGER")
  }

  /// A page goes nowhere where the next audit would find it, and over nothing but a page.
  private func checkPlace(of html: String) throws {
    func real(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
    let parent = real(URL(fileURLWithPath: html).deletingLastPathComponent().path)
    let outbox = real(path)
    if parent == outbox || parent.hasPrefix(outbox + "/") {
      throw UsageFault(
        "the page must not lie in the outbox", hint: "name another folder with --html FILE")
    }
    let opening = Data(AuditPage.opening.utf8)
    do {
      let file = try OpenFile(path: html, rules: .named(limit: .max))
      var room = [UInt8](repeating: 0, count: opening.count)
      let count = try room.withUnsafeMutableBytes { try file.read(into: $0) }
      if Data(room[..<count]) == opening { return }
    } catch let fault as FileFault where fault.kind == .notFound {
      return
    } catch let fault as FileFault where fault.blame == .input {
    }
    throw UsageFault(
      "\(Printable.quoted(html)) is there, and is no page of an audit",
      hint: "name another file with --html FILE")
  }

  private func folder(_ path: String) throws -> Folder {
    do throws(FileFault) { return try Folder(path: path) } catch {
      guard error.kind == .notFound || error.kind == .notAFolder else { throw error }
      throw UsageFault(
        "there is no outbox at \(Printable.quoted(path))",
        hint: "name a site with --root DIR, or an outbox with --outbox DIR and --keys DIR")
    }
  }

  private func keyring() throws -> Keyring {
    let path = keys ?? options.root + "/keys"
    let list: Keyring
    do {
      list = try KeyFolder(path: path).keyring()
    } catch let fault as FileFault where fault.kind == .notFound || fault.kind == .notAFolder {
      throw UsageFault(
        "there is no folder of cards at \(Printable.quoted(path))",
        hint: "name one with --keys DIR: it says whose signatures count")
    }
    for fault in list.faults { Terminal.warn(fault.message, hint: fault.hint) }
    guard !list.cards.isEmpty else {
      throw UsageFault(
        "no card says whose signature counts",
        hint: "put the registry's card into \(Printable.quoted(path))")
    }
    return list
  }

  /// The auditor's own copy: it must be sound before it proves anything.
  private func earlier(_ path: String, _ cards: [Card]) throws -> Checkpoint {
    let read = { (path: String) in
      do {
        return try OpenFile(path: path, rules: .named(limit: 1 << 16)).readAll()
      } catch let fault as FileFault where fault.blame == .input || fault.kind == .notFound {
        throw UsageFault(
          "\(Printable.quoted(path)) is no checkpoint: \(fault.message)",
          hint: "name the CHECKPOINT.json that you kept; its .minisig lies beside it")
      }
    }
    let signature = path + SignedDocument.signatureEnding
    return try Checkpoint(
      UnverifiedDocument(read(path), signature: read(signature), kind: .checkpoint)
        .verified(byOneOf: cards))
  }

  private func write(_ report: AuditReport, to path: String) throws {
    let url = URL(fileURLWithPath: path)
    let folder = try Folder(path: url.deletingLastPathComponent().path)
    let file = try StagedFile(EntryName(url.lastPathComponent), in: folder)
    try AuditPage(report).write { try file.write(Array($0.utf8)) }
    try file.commit(replacing: true)
  }
}
