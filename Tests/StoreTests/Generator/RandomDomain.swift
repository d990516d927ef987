import JSONText

@testable import Store

/// Domains over the made-up models, most of them sensible, some of them wrong.
struct RandomDomain {
  private var random: Seeded

  init(_ random: Seeded) { self.random = random }

  /// A list of terms in prefix notation.
  mutating func domain(on model: String, depth: Int = 3) -> JSON {
    var terms: [JSON] = []
    for _ in 0..<pick([0, 1, 1, 1, 2, 2, 3]) { terms += expression(on: model, depth: depth) }
    return .array(terms)
  }

  private mutating func expression(on model: String, depth: Int) -> [JSON] {
    guard depth > 0, chance(2) else { return [leaf(on: model, depth: depth)] }
    switch pick(["!", "&", "|"]) {
    case "!": return ["!"] + expression(on: model, depth: depth - 1)
    case let sign:
      return [.string(sign)] + expression(on: model, depth: depth - 1)
        + expression(on: model, depth: depth - 1)
    }
  }

  private mutating func leaf(on model: String, depth: Int) -> JSON {
    if chance(25) { return pick([[1, "=", 1], [0, "=", 1]]) }
    if chance(150) { return [.string(pick(["bogus", "name.name", "line_ids.bogus"])), "=", 1] }
    let (path, field, owner) = path(from: model)
    if field.isLink, depth > 0, chance(3) {
      return [
        .string(path), .string(pick(["any", "not any"])),
        domain(on: field.relation, depth: depth - 1),
      ]
    }
    let sign = operation(for: field, of: owner)
    return [.string(path), .string(sign), value(for: field, sign)]
  }

  /// A field of the model, or of one that is up to four hops away.
  private mutating func path(from model: String) -> (String, SmallField, String) {
    var (hops, model): ([String], String) = ([], model)
    while hops.count < 4, chance(3) {
      let links = SmallModels.fields(model).filter(\.isLink)
      guard !links.isEmpty else { break }
      let link = pick(links)
      hops.append(link.name)
      model = link.relation
    }
    let usual = SmallModels.fields(model).filter { $0.name != "age" || chance(10) }
    let field = pick(usual)
    return ((hops + [field.name]).joined(separator: "."), field, model)
  }

  private mutating func operation(for field: SmallField, of model: String) -> String {
    let always = ["=", "!=", "<>", "in", "not in", "in", "=?"]
    let orders = ["<", ">", "<=", ">="]
    let likes = ["like", "ilike", "not like", "not ilike"]
    if chance(60) { return pick(["=like", "child_of", "any"]) }
    if (field.isLink || field.name == "id"), chance(4) { return pick(["child_of", "parent_of"]) }
    switch field.type {
    case "char", "selection": return pick(always + orders + likes + ["=like", "=ilike"])
    default: return pick(always + orders + likes)
    }
  }

  private mutating func value(for field: SmallField, _ sign: String) -> JSON {
    if sign == "in" || sign == "not in" || chance(20) {
      if chance(12) { return pick([false, true, nil]) }
      return .array((0..<pick([0, 1, 2, 3])).map { _ in scalar(for: field, sign) })
    }
    return scalar(for: field, sign)
  }

  private mutating func scalar(for field: SmallField, _ sign: String) -> JSON {
    if chance(10) { return pick([false, nil, true, 0, 1, ""]) }
    if sign.hasSuffix("like") { return .string(pick(SmallTexts.patterns)) }
    if field.name == "id" || field.isLink {
      // Mostly ids, some of which are nobody's; sometimes a name.
      if field.isLink, chance(3) { return .string(pick(SmallTexts.texts)) }
      return .int(Int64(Int.random(in: 1...17, using: &random)))
    }
    if chance(25) { return pick(["2024-01-02", "1990-5-1", "zzz", "12", .double(2.5), 7]) }
    return pick(field.samples.isEmpty ? [1, "a"] : field.samples)
  }

  private mutating func chance(_ oneIn: Int) -> Bool {
    Int.random(in: 0..<oneIn, using: &random) == 0
  }

  private mutating func pick<Item>(_ items: [Item]) -> Item {
    items[Int.random(in: 0..<items.count, using: &random)]
  }
}
