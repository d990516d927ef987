import Fixtures
import Files
import JSONText
import Snapshots
import Testing

@testable import Store

/// Made-up registries go in and come out the same.
struct RandomRegistryTests {
  @Test("What is loaded is what was written, for any registry", arguments: 0..<40)
  func roundTrip(_ index: Int) throws {
    let seed = UInt64.random(in: 1...UInt64.max)
    var random = Seeded(state: seed)
    let registry = RandomRegistry(&random)
    #expect(!registry.partners.isEmpty)
    let site = try LoadingSite()
    try site.drops.write(registry.text(&random), as: "drop.json")
    var limits = SnapshotLimits()
    limits.batchBytes = Int.random(in: 1...100_000, using: &random)
    try site.staged(site.drops("drop.json"), limits: limits).commit()
    let snapshot = try SnapshotStore.open(site.store)
    let columns = RandomRegistry.columns.map { "\"\($0)\"" }.joined(separator: ", ")
    #expect(
      try snapshot.text("SELECT id, \(columns) FROM \"res.partner\" ORDER BY id")
        == registry.partners.sorted { $0.id < $1.id }.map(\.line), "seed \(seed)")
    #expect(
      try snapshot.text("SELECT id, partner_id, value FROM \"g2p.reg.id\" ORDER BY id")
        == registry.lines, "seed \(seed)")
  }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A registry of random partners, each with fields in an order of its own.
struct RandomRegistry {
  static let columns = ["name", "color", "income", "active", "birthdate", "x_extra"]

  struct Partner {
    let id: Int64
    let values: [String: JSON]
    let regIDs: [(id: Int64, value: String?)]

    var line: String {
      ([String(id)] + columns.map { RandomRegistry.stored(values[$0] ?? .null, in: $0) })
        .joined(separator: "|")
    }

    func json(_ random: inout Seeded) -> JSON {
      let lines = regIDs.map { line -> JSON in
        ["id": .int(line.id), "value": line.value.map { .string($0) } ?? .null]
      }
      var members = values.map { JSON.Member($0.key, $0.value) }
      members += [.init("id", .int(id)), .init("reg_ids", .array(lines))]
      members.shuffle(using: &random)
      return .object(members)
    }
  }

  let partners: [Partner]

  /// Of so many partners that each column has a value somewhere: one that never has is not kept.
  init(_ random: inout Seeded) {
    var nextLine: Int64 = 0
    let ids = Set(
      (0..<Int.random(in: 60...400, using: &random)).map { _ in
        Int64.random(in: 1...5_000, using: &random)
      })
    partners = ids.sorted().shuffled(using: &random).map { id in
      let lines = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        nextLine += 1
        return (id: nextLine, value: Bool.random(using: &random) ? Self.text(&random) : nil)
      }
      return Partner(id: id, values: Self.values(&random), regIDs: lines)
    }
  }

  var lines: [String] {
    partners.flatMap { owner in
      owner.regIDs.map { ($0.id, "\($0.id)|\(owner.id)|\($0.value ?? "NULL")") }
    }
    .sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// NDJSON or an array, at random.
  func text(_ random: inout Seeded) -> String {
    let lines = partners.map { $0.json(&random).line() }
    return Bool.random(using: &random)
      ? lines.joined(separator: "\n") : "[\(lines.joined(separator: ",\n"))]"
  }

  private static func values(_ random: inout Seeded) -> [String: JSON] {
    [
      "name": pick(&random, [.null, .string(text(&random))]),
      "color": pick(&random, [.null, .int(Int64(bitPattern: random.next()))]),
      "income": pick(&random, [.null, .double(Double.random(in: -1e9...1e9, using: &random))]),
      "active": pick(&random, [.bool(true), .bool(false), .null]),
      "birthdate": pick(
        &random, [.bool(false), .string("19\(Int.random(in: 10...99, using: &random))-01-31")]),
      "x_extra": pick(&random, [.bool(false), .null, .string(text(&random))]),
    ]
  }

  private static func pick(_ random: inout Seeded, _ values: [JSON]) -> JSON {
    values.randomElement(using: &random) ?? .null
  }

  private static func text(_ random: inout Seeded) -> String {
    let letters = Array("abc XYZ01\"\\/{}[],:\n\té\u{1F600}ខ្មែរ")
    return String(
      (0..<Int.random(in: 0...40, using: &random)).map { _ in
        letters.randomElement(using: &random) ?? "a"
      })
  }

  static func stored(_ value: JSON, in column: String) -> String {
    switch value {
    case .bool(false) where column == "active": "0"
    case .bool(true): "1"
    case .int(let number): String(number)
    case .double(let number): number.description
    case .string(let text): text
    default: "NULL"
    }
  }
}
