import Fixtures
import Foundation
import JSONText
import Secrets
import Testing

@testable import Store

/// A snapshot and deltas of it, against a snapshot of what they lead to.
struct RandomDeltaTests {
  static let domains = [
    #"[["color", ">", 3]]"#, #"[["tags_ids", "in", [1, 2]]]"#,
    #"[["reg_ids.value", "ilike", "1"]]"#,
    #"[["reg_ids", "=", false]]"#, #"[["tags_ids", "!=", 3]]"#, #"[["name", "=", false]]"#,
  ]

  @Test("A snapshot and its deltas hold what a full snapshot of the end holds", arguments: 0..<24)
  func same(_ index: Int) throws {
    let seed = UInt64.random(in: 1...UInt64.max)
    var random = Seeded(state: seed)
    var world = DeltaWorld(isNested: index.isMultiple(of: 2), &random)
    let (site, full) = (try LoadingSite(), try LoadingSite())
    try world.load(into: site)
    var changes = 0
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let delta = world.change(&random)
      changes += delta.records.count + delta.deleted.count
      try delta.apply(to: site)
    }
    #expect(changes > 0, "seed \(seed)")
    try world.load(into: full)
    let (merged, whole) = (try SnapshotStore.open(site.store), try SnapshotStore.open(full.store))
    let (got, expected) = (try merged.dump, try whole.dump)
    #expect(got.keys.sorted() == expected.keys.sorted(), "seed \(seed)")
    for table in expected.keys { #expect(got[table] == expected[table], "\(table), seed \(seed)") }
    for domain in Self.domains {
      #expect(try merged.ids(domain) == whole.ids(domain), "\(domain), seed \(seed)")
    }
  }
}

/// A registry that changes: partners with tags, and ids nested in them or in a file of their own.
struct DeltaWorld {
  struct Line {
    var owner: Int64
    var value: JSON
  }

  let isNested: Bool
  private var partners: [Int64: [String: JSON]] = [:]
  private var lines: [Int64: Line] = [:]
  private var next: Int64 = 1_000

  private static let fields = ["name", "color", "active", "birthdate", "tags_ids"]

  init(isNested: Bool, _ random: inout Seeded) {
    self.isNested = isNested
    for id in 1...Int64.random(in: 20...120, using: &random) {
      partners[id] = Self.values(Self.fields, &random)
      addLines(Int.random(in: 0...3, using: &random), to: id, &random)
    }
    addLines(1, to: 1, &random)
  }

  private mutating func addLines(_ count: Int, to owner: Int64, _ random: inout Seeded) {
    for _ in 0..<count {
      next += 1
      lines[next] = Line(owner: owner, value: Self.value("value", &random))
    }
  }

  private static func values(_ fields: [String], _ random: inout Seeded) -> [String: JSON] {
    Dictionary(uniqueKeysWithValues: fields.map { ($0, value($0, &random)) })
  }

  private static func value(_ field: String, _ random: inout Seeded) -> JSON {
    let number = Int64.random(in: 0...9, using: &random)
    if field == "tags_ids" {
      return .array(
        Set((0..<number % 4).map { _ in Int64.random(in: 1...5, using: &random) })
          .sorted().map { .int($0) })
    }
    guard number > 2 else { return .null }
    switch field {
    case "color": return .int(number)
    case "active": return .bool(number.isMultiple(of: 2))
    case "birthdate": return .string("198\(number)-01-02")
    default: return .string("text \(number) é")
    }
  }

  // MARK: As a whole

  func load(into site: LoadingSite) throws {
    let records = partners.keys.sorted().map { partner($0, Self.fields, withLines: isNested) }
    if isNested { return try site.staged(text: records.joined(separator: "\n")).commit() }
    try pack(records, lines.keys.sorted().map(line), [:], into: site, as: "drop.tar")
    try site.staged(site.drops("drop.tar")).commit()
  }

  private func partner(_ id: Int64, _ fields: [String], withLines: Bool) -> String {
    var members = [JSON.Member("id", .int(id))]
    members += fields.map { .init($0, partners[id]?[$0] ?? .null) }
    if withLines {
      let own = lines.filter { $0.value.owner == id }.keys.sorted()
      members.append(
        .init("reg_ids", .array(own.map { ["id": .int($0), "value": lines[$0]?.value ?? .null] })))
    }
    return JSON.object(members).line()
  }

  private func line(_ id: Int64) -> String {
    let line = lines[id]
    let json: JSON = [
      "id": .int(id), "partner_id": line.map { .int($0.owner) } ?? .null,
      "value": line?.value ?? .null,
    ]
    return json.line()
  }

  // MARK: Changes

  struct Delta {
    let isNested: Bool
    var records: [String]
    var lines: [String]
    var deleted: [String: [Int64]]

    func apply(to site: LoadingSite) throws {
      guard !isNested else {
        let deleted = deleted.map { model, ids -> JSON in
          ["model": .string(model), "ids": .array(ids.map { .int($0) })]
        }
        return try site.stage(delta: records, deleted: .array(deleted)).commit()
      }
      let follows = try SnapshotStore.open(site.store).summary.digest.hex
      let head =
        #"{"airlock": "snapshot", "version": 1, "kind": "delta", "follows": "\#(follows)"}"#
      try site.drops.write(head, as: "snapshot.json")
      try pack(records, lines, deleted, into: site, as: "delta.tar")
      try site.stage(deltaAt: site.drops("delta.tar")).commit()
    }
  }

  mutating func change(_ random: inout Seeded) -> Delta {
    var delta = Delta(isNested: isNested, records: [], lines: [], deleted: [:])
    removePartners(&delta, &random)
    for id in partners.keys.sorted() where Int.random(in: 0..<4, using: &random) == 0 {
      let named = Self.fields.filter { _ in Bool.random(using: &random) }
      partners[id]?.merge(Self.values(named, &random)) { $1 }
      let touchesLines = isNested && Bool.random(using: &random)
      if touchesLines { changeLines(of: id, &random) }
      delta.records.append(partner(id, named.shuffled(using: &random), withLines: touchesLines))
    }
    next += 1
    partners[next] = Self.values(["name", "tags_ids"], &random)
    delta.records.append(partner(next, ["tags_ids", "name"], withLines: false))
    if !isNested { changeLineFile(&delta, &random) }
    return delta
  }

  private mutating func removePartners(_ delta: inout Delta, _ random: inout Seeded) {
    let gone = partners.keys.sorted().filter { id in
      id > 1 && Int.random(in: 0..<8, using: &random) == 0
    }
    guard !gone.isEmpty else { return }
    for id in gone { partners[id] = nil }
    lines = lines.filter { !gone.contains($0.value.owner) }
    delta.deleted["res.partner"] = gone
  }

  private mutating func changeLines(of owner: Int64, _ random: inout Seeded) {
    for id in lines.filter({ $0.value.owner == owner }).keys.sorted() {
      if Bool.random(using: &random) { lines[id]?.value = Self.value("value", &random) }
      if owner > 1, Int.random(in: 0..<3, using: &random) == 0 { lines[id] = nil }
    }
    addLines(Int.random(in: 0...1, using: &random), to: owner, &random)
  }

  /// Lines change, move to another owner, go and come.
  private mutating func changeLineFile(_ delta: inout Delta, _ random: inout Seeded) {
    let owners = partners.keys.sorted()
    for id in lines.keys.sorted() where Int.random(in: 0..<4, using: &random) == 0 {
      switch Int.random(in: 0..<3, using: &random) {
      case 0 where lines[id]?.owner != 1:
        lines[id] = nil
        delta.deleted["g2p.reg.id", default: []].append(id)
        continue
      case 1: lines[id]?.value = Self.value("value", &random)
      default: lines[id]?.owner = owners.randomElement(using: &random) ?? 1
      }
      delta.lines.append(line(id))
    }
    let before = next
    addLines(2, to: owners.randomElement(using: &random) ?? 1, &random)
    delta.lines += (before + 1...next).map(line)
  }
}

/// Packs what is given as a tar, the head first if there is one.
private func pack(
  _ partners: [String], _ lines: [String], _ deleted: [String: [Int64]], into site: LoadingSite,
  as name: String
) throws {
  try site.drops.write(partners.joined(separator: "\n"), as: "res.partner.ndjson")
  try site.drops.write(lines.joined(separator: "\n"), as: "g2p.reg.id.ndjson")
  let removals = deleted.map { model, ids -> String in
    let json: JSON = ["model": .string(model), "ids": .array(ids.map { .int($0) })]
    return json.line()
  }
  try site.drops.write(removals.joined(separator: "\n"), as: "deleted.ndjson")
  let head = name == "delta.tar" ? "snapshot.json deleted.ndjson" : ""
  _ = try site.make(name, "tar -cf \(name) \(head) res.partner.ndjson g2p.reg.id.ndjson")
}
