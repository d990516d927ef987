import ArgumentParser
import Files
import JSONText
import Jobs
import Keys
import Secrets
import Store

struct RotateKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Go over to a new key, in two steps.",
    discussion: """
      --announce makes the next key, and NAME.rotation.json with its .minisig
      in the folder of keys: carry both to all others, who run keys add. From
      then on archives announce the key in their header as well. --finish cuts
      over; until the overlap ends both keys count.

      Examples:
        airlock keys rotate --announce --days 60 --root registry
        airlock keys rotate --finish --root registry
      """)

  @Flag(name: .long, help: "Make and announce the next key (the default).") var announce = false
  @Flag(name: .long, help: "Cut over to the key that was announced.") var finish = false
  @Option(name: .long, help: "How many days the old key counts beside the new one.") var days = 30
  @Option(
    name: .long,
    help: ArgumentHelp("When the new key begins to count (default: now).", valueName: "time"))
  var from: Moment?
  @OptionGroup var options: KeyOptions
  @OptionGroup var secret: PassphraseOptions
  @Flag(name: .long, help: "Say the new card as JSON.") var json = false

  func validate() throws {
    if announce, finish { throw ValidationError("--announce and --finish are two steps") }
  }

  func run() throws { try finish ? cutOver() : tell() }

  private func tell() throws {
    guard (1...3_650).contains(days) else { throw UsageFault("--days must be from 1 to 3650") }
    if let there = try options.folder().announced() {
      return say(there, "announced already, on \(there.at): the next key of \(there.next.name)")
    }
    let now = WallClock.system.now
    let start = max(from?.time ?? now, now)
    let folder = try options.folder()
    let passphrase = try secret.passphraseFile.map { try PassphraseReading.file($0) }
    let own = try folder.identity { try passphrase ?? secret.passphrase() }
    let rotation = try folder.announceRotation(
      of: own, at: now, from: start, until: start.adding(days: days), passphrase: passphrase)
    say(rotation, "announced   the next key of \(own.name)")
  }

  private func say(_ rotation: Rotation, _ first: String) {
    if json { return Terminal.sayWhole(rotation.next.text) }
    let file = "\(options.path)/\(rotation.next.name).rotation.json"
    Terminal.say(first)
    Terminal.say("fingerprint \(rotation.next.fingerprint)")
    Terminal.say("from        \(rotation.from)")
    Terminal.say("old key     until \(rotation.until)")
    Terminal.say("carry       \(Printable.quoted(file)) and its .minisig to all others (keys add)")
    Terminal.say("then        airlock keys rotate --finish\(options.asGiven)")
  }

  private func cutOver() throws {
    if let done = try options.folder().finishedRotation() {
      return say(done.next, "finished already: in force is the new key of \(done.next.name)")
    }
    let lock = try lockSite()
    let card = try options.folder().finishRotation(at: WallClock.system.now)
    withExtendedLifetime(lock) {}
    say(card, "in force    the new key of \(card.name)")
  }

  private func say(_ card: Card, _ first: String) {
    if json { return Terminal.sayWhole(card.text) }
    let file = "\(options.path)/\(card.name).card.json"
    Terminal.say(first)
    Terminal.say("fingerprint \(card.fingerprint)")
    Terminal.say("then        give \(Printable.quoted(file)) to who joins from now on;")
    Terminal.say("            auditors need the rotation too; back up the folder of keys")
  }

  /// Nobody may work on the site meanwhile, and nothing may be half done with the old key.
  private func lockSite() throws -> FolderLock? {
    guard let site = try options.keysSite() else { return nil }
    let lock = try FolderLock("lock", in: site.store)
    let unfinished = try Journal(in: site.store).unfinished().count
    guard unfinished == 0 else {
      throw UsageFault(
        "\(unfinished) drop\(unfinished == 1 ? " is" : "s are") unfinished",
        hint: "let them come to their end with the old key first: airlock run")
    }
    return lock
  }
}
