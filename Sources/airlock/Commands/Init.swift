import ArgumentParser
import Files
import Glibc
import JSONText
import Jobs
import Keys
import Policies
import Secrets

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lay out a site and make its identity.",
    discussion:
      "What is there already is left as it is.\n\nExample:\n  airlock init --root registry --name registry"
  )

  @OptionGroup var options: SiteOptions
  @OptionGroup var secret: PassphraseOptions
  @Option(name: .long, help: "The site's name on its card: lower-case letters, digits, - and _.")
  var name = "registry"
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func run() throws {
    let name = try KeyName(name)
    let site = try Site.layOut(root: options.root)
    let keys = try KeyFolder(site.keys)
    let hasIdentity = try site.keys.exists("identity.json")
    if !hasIdentity {
      // A passphrase is asked for only with --passphrase-file: a watcher must start unattended.
      let passphrase = try secret.passphraseFile.map { try PassphraseReading.file($0) }
      try keys.createIdentity(named: name, passphrase: passphrase)
    }
    let hasPolicy = try site.policies.exists(PolicyInForce.name)
    if !hasPolicy {
      try AtomicFile.write(
        SitePolicy.usual.pretty(), as: PolicyInForce.name, in: site.policies, mode: 0o640)
    }
    let card = try keys.ownCard()
    if json { return Terminal.sayWhole(card.text) }
    Terminal.say("\(hasIdentity ? "found" : "laid out") the site \(Printable.quoted(options.root))")
    if hasIdentity, name != card.name {
      Terminal.warn("the site has the name \(card.name), and keeps it")
    }
    Terminal.say("identity  \(card.name), fingerprint \(card.fingerprint)")
    Terminal.say("card      \(site.keys.path)/\(card.name).card.json (give this to the MTS side)")
    Terminal.say(
      "policy    \(site.policies.path)/site.json\(hasPolicy ? "" : " (one stream, \"mts\"; edit it to your needs)")"
    )
  }
}
