import Foundation
import JSONText
import Language
import Testing

@testable import Store

/// Random domains over random registries: SQLite's answer is the plain evaluator's, id for id and
/// refusal for refusal. `AIRLOCK_SEED` runs one seed again.
struct GeneratorTests {
  private static let registries = 60
  private static let domains = 340

  @Test("Compiled filters answer as a plain evaluator does, over any small registry")
  func random() throws {
    let named = ProcessInfo.processInfo.environment["AIRLOCK_SEED"].flatMap { UInt64($0) }
    let seed = named ?? UInt64.random(in: 1...UInt64.max)
    print("generator test: AIRLOCK_SEED=\(seed)")
    var random = Seeded(state: seed)
    var tally = Tally()
    for _ in 0..<Self.registries {
      try Self.ask(&random, &tally)
      guard tally.differing.count < 5 else { break }
    }
    #expect(tally.differing.isEmpty, "seed \(seed): \(tally.differing.joined(separator: "\n"))")
    #expect(tally.asked >= 20_000 || !tally.differing.isEmpty)
    #expect(tally.refused > 1_000 && tally.found > 6_000, "the domains have grown dull: \(tally)")
  }

  private struct Tally {
    var asked = 0
    var refused = 0
    /// Answers that are neither nobody nor everyone.
    var found = 0
    var differing: [String] = []
  }

  private static func ask(_ random: inout Seeded, _ tally: inout Tally) throws {
    let registry = SmallRegistry(&random)
    let site = try LoadingSite()
    let snapshot = try registry.load(into: site)
    for _ in 0..<domains {
      var maker = RandomDomain(Seeded(state: random.next()))
      let model =
        Int.random(in: 0..<3, using: &random) > 0
        ? SmallModels.person
        : SmallModels.names.randomElement(using: &random) ?? SmallModels.person
      let text = maker.domain(on: model).line()
      let activeTest = Bool.random(using: &random)
      let ours = try answer(text, model, activeTest, snapshot)
      let plain = try answer(text, model, activeTest, registry)
      tally.asked += 1
      if plain == nil { tally.refused += 1 }
      if let plain, !plain.isEmpty, plain.count < registry.ids(of: model).count { tally.found += 1 }
      guard ours != plain else { continue }
      tally.differing.append(
        "\(model) active_test=\(activeTest) \(text)\n  ours \(shown(ours)), plain \(shown(plain))")
    }
  }

  private static func shown(_ ids: [Int64]?) -> String { ids.map { "\($0)" } ?? "refused" }

  /// Nil is a refusal.
  private static func answer(
    _ text: String, _ model: String, _ activeTest: Bool, _ snapshot: SnapshotStore
  ) throws -> [Int64]? {
    do {
      let search = try RegistrySearch(
        JSONDocument(parsing: text), model: model, activeTest: activeTest, over: snapshot)
      var ids: [Int64] = []
      try search.forEachID { ids.append($0) }
      return ids
    } catch is DomainFault { return nil }
  }

  private static func answer(
    _ text: String, _ model: String, _ activeTest: Bool, _ registry: SmallRegistry
  ) throws -> [Int64]? {
    do {
      let domain = try DomainParser().parse(JSONCursor(JSONDocument(parsing: text)))
      return try PlainSearch(registry: registry).ids(domain, on: model, activeTest: activeTest)
    } catch is Refusal { return nil } catch is DomainFault { return nil }
  }
}
