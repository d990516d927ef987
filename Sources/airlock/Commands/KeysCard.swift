import ArgumentParser
import Keys
import Secrets

struct ShowCard: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card", abstract: "Print the own card, for others to add.",
    discussion: "Example:\n  airlock keys card --root registry > registry.card.json")

  @OptionGroup var options: KeyOptions
  @Flag(name: .long, help: "The same: a card is JSON.") var json = false

  func run() throws { Terminal.sayWhole(try options.folder().ownCard().text) }
}
