import ArgumentParser
import Faults
import Files
import Keys

/// Whose signatures count: one card by `--sender`, else every card of a folder of keys.
struct SenderOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The sender's card (default: the cards in the folder of keys).", valueName: "card"))
  var sender: String?

  /// - Parameter folder: where to look without `--sender`.
  func cards(in folder: String) throws -> [Card] {
    if let sender { return [try CardReading.card(at: sender)] }
    let list: CardList
    do {
      list = try KeyFolder(path: folder).cards()
    } catch {
      throw UsageFault(
        "there is no folder of keys at \(Printable.quoted(folder)) to tell whose signature counts",
        hint: "name the sender's card: --sender registry.card.json")
    }
    for fault in list.faults { Terminal.warn(fault.message, hint: fault.hint) }
    guard !list.cards.isEmpty else {
      throw UsageFault(
        "no card says whose signature counts",
        hint: "name the sender's card: --sender registry.card.json")
    }
    return list.cards
  }
}

enum CardReading {
  static func card(at path: String) throws -> Card {
    try Card(parsing: OpenFile(path: path, rules: .named(limit: 64 << 10)).readAll())
  }
}
