package import JSONText

/// Reads a domain from JSON and checks its shape: arity of `& | !`, leaves of three, operators.
package struct DomainParser {
  /// What a domain may cost.
  package struct Limits: Sendable {
    package var terms = 20_000
    /// Levels of AND, OR and NOT; and of links, each hop of a path being one.
    package var depth = 64
    package var listItems = 100_000
    package init() {}
  }

  private let limits: Limits

  package init(limits: Limits = Limits()) { self.limits = limits }

  var deepest: Int { limits.depth }

  /// - Throws: `DomainFault` at the first thing that Odoo would refuse, with its place.
  package func parse(_ cursor: JSONCursor) throws(DomainFault) -> Domain {
    try domain(cursor, depth: limits.depth)
  }

  /// One list of terms in prefix notation, to a tree.
  private func domain(_ cursor: JSONCursor, depth: Int) throws(DomainFault) -> Domain {
    guard case .array = cursor.node.value, let terms = try? cursor.array() else {
      throw DomainFault(
        .notADomain, "a domain is a list, in [ ]; this is \(cursor.node.kindName)", cursor)
    }
    guard terms.count <= limits.terms else {
      throw DomainFault(
        .tooLarge, "a domain of more than \(limits.terms) terms", cursor, departure: .limit)
    }
    guard depth > 0 else { throw tooDeep(cursor) }
    try checkArity(terms, in: cursor)
    var stack: [Subtree] = []
    for term in terms.reversed() { stack.append(try fold(term, &stack, depth: depth)) }
    // What is left over is and-ed: the `&` before each is implicit.
    let parts = stack.reversed().map(\.domain.straightened)
    return parts.isEmpty ? .constant(true) : parts.count == 1 ? parts[0] : .all(parts)
  }

  /// One term; an operator takes its operands off the stack.
  private func fold(
    _ term: JSONCursor, _ stack: inout [Subtree], depth: Int
  ) throws(DomainFault) -> Subtree {
    guard case .string(let token) = term.node.value else {
      return Subtree(domain: try leaf(term, depth: depth), depth: 1)
    }
    // `checkArity` has seen to it that the operands are there.
    let first = stack.removeLast()
    var folded: Subtree
    if token == "!" {
      folded = first.toggled
    } else {
      folded = first.joined(stack.removeLast(), and: token == "&")
    }
    guard folded.depth <= limits.depth else { throw tooDeep(term) }
    return folded
  }

  /// Counts operands as Odoo's `normalize_domain` does: surplus terms are and-ed, missing ones refused.
  func checkArity(_ terms: [JSONCursor], in cursor: JSONCursor) throws(DomainFault) {
    var expected = terms.isEmpty ? 0 : 1
    for term in terms {
      if expected == 0 { expected = 1 }
      guard case .string(let token) = term.node.value else {
        expected -= 1
        continue
      }
      switch token {
      case "!": break
      case "&", "|": expected += 1
      default:
        throw DomainFault(
          .notATerm,
          "a term is \"&\", \"|\", \"!\" or a leaf [field, operator, value]; this is other text",
          term, hint: "a leaf stands in its own brackets: [[\"field\", \"=\", value]]")
      }
    }
    guard expected == 0 else {
      throw DomainFault(
        .missingOperand,
        "\(expected) term\(expected == 1 ? " is" : "s are") missing at the end of this domain",
        cursor, hint: "\"&\" and \"|\" stand before two terms, \"!\" before one")
    }
  }

  func leaf(_ cursor: JSONCursor, depth: Int) throws(DomainFault) -> Domain {
    guard case .array(let parts) = cursor.node.value, let items = try? cursor.array() else {
      throw DomainFault(
        .notATerm,
        "a term is \"&\", \"|\", \"!\" or a leaf [field, operator, value]; this is \(cursor.node.kindName)",
        cursor)
    }
    guard parts.count == 3 else {
      throw DomainFault(
        .notATerm, "a leaf has three parts, [field, operator, value]; this has \(parts.count)",
        cursor,
        hint: "a domain inside a domain needs \"any\" or must be written out in prefix notation")
    }
    let operation = try operation(items[1])
    if let constant = try constant(items, operation) { return .constant(constant) }
    guard case .string(let path) = items[0].node.value, !path.isEmpty else {
      throw DomainFault(.notATerm, "a leaf begins with the name of a field", items[0])
    }
    let hops = path.utf8.count { $0 == UInt8(ascii: ".") }
    guard hops < depth else { throw tooDeep(items[0]) }
    guard !items[2].node.json.holdsNUL else {
      throw DomainFault(
        .wrongValue, "a text with the character NUL in it, which no registry can hold", items[2])
    }
    if operation == .any || operation == .notAny {
      return .link(
        LinkClause(
          field: path, isNegated: operation == .notAny,
          domain: try domain(items[2], depth: depth - hops - 1), place: Place(cursor)))
    }
    if case .array(let list) = items[2].node.value, list.count > limits.listItems {
      throw DomainFault(
        .tooLarge, "a list of more than \(limits.listItems) values", items[2], departure: .limit)
    }
    return .leaf(
      Leaf(path: path, operation: operation, value: items[2].node.json, place: Place(cursor)))
  }

  private func operation(_ cursor: JSONCursor) throws(DomainFault) -> Operator {
    guard case .string(let text) = cursor.node.value else {
      throw DomainFault(
        .unknownOperator, "the operator must be text, and is \(cursor.node.kindName)", cursor)
    }
    guard let operation = Operator(spelled: text) else {
      let nearest =
        text == "=="
        ? "=" : Spelling.nearest(to: text.lowercased(), among: Operator.spellings)
      throw DomainFault(
        .unknownOperator, "Odoo knows no operator \(shown(text))", cursor,
        hint: nearest.map { "did you mean \"\($0)\"?" }
          ?? "the operators are \(Operator.spellings.joined(separator: ", "))")
    }
    return operation
  }

  /// Signs may be shown; letters and digits may be a value that strayed here.
  private func shown(_ text: String) -> String {
    let isSigns = text.utf8.count <= 4 && text.utf8.allSatisfy { "=<>!?~%&|".utf8.contains($0) }
    return isSigns ? "\"\(text)\"" : "of this name"
  }

  /// `[1, "=", 1]` is true and `[0, "=", 1]` is false, by Python's equality; there are no others.
  private func constant(
    _ items: [JSONCursor], _ operation: Operator
  ) throws(DomainFault) -> Bool? {
    if case .string = items[0].node.value { return nil }
    let left = items[0].node.json.pythonNumber
    if operation == .equal, items[2].node.json.pythonNumber == 1, left == 0 || left == 1 {
      return left == 1
    }
    throw DomainFault(
      .notATerm,
      "a leaf begins with the name of a field; this begins with \(items[0].node.kindName)",
      items[0], hint: "the only constants are [1, \"=\", 1] (everyone) and [0, \"=\", 1] (nobody)")
  }

  private func tooDeep(_ cursor: JSONCursor) -> DomainFault {
    DomainFault(
      .tooLarge, "nested deeper than \(limits.depth) levels", cursor, departure: .limit)
  }
}

/// A domain on the parser's stack. Its ANDs and ORs hold their parts last to first, so that prefix
/// notation, which is read backwards, mostly appends.
private struct Subtree {
  var domain: Domain
  /// Levels of AND, OR and NOT that are not flattened away.
  var depth: Int

  /// `!` of this; two cancel.
  var toggled: Subtree {
    if case .not(let inner) = domain { return Subtree(domain: inner, depth: depth - 1) }
    return Subtree(domain: .not(domain), depth: depth + 1)
  }

  /// This and (or) the one after it: a list where either is a list of that kind already.
  consuming func joined(_ second: consuming Subtree, and isAnd: Bool) -> Subtree {
    let (first, second) = (self, second)
    switch (first.domain.parts(and: isAnd), second.domain.parts(and: isAnd)) {
    case (let front?, let back?):
      return Subtree(.list(back + front, and: isAnd), max(first.depth, second.depth))
    case (nil, var back?):
      back.append(first.domain)
      return Subtree(.list(back, and: isAnd), max(first.depth + 1, second.depth))
    case (let front?, nil):
      return Subtree(.list([second.domain] + front, and: isAnd), max(first.depth, second.depth + 1))
    case (nil, nil):
      let list = Domain.list([second.domain, first.domain], and: isAnd)
      return Subtree(list, max(first.depth, second.depth) + 1)
    }
  }

  init(domain: Domain, depth: Int) {
    self.domain = domain
    self.depth = depth
  }

  private init(_ domain: Domain, _ depth: Int) { self.init(domain: domain, depth: depth) }
}

extension Domain {
  fileprivate static func list(_ parts: [Domain], and isAnd: Bool) -> Domain {
    isAnd ? .all(parts) : .any(parts)
  }

  /// The parts of an AND (or an OR).
  fileprivate func parts(and isAnd: Bool) -> [Domain]? {
    switch self {
    case .all(let parts) where isAnd: parts
    case .any(let parts) where !isAnd: parts
    default: nil
    }
  }

  /// The same with its parts first to last.
  fileprivate var straightened: Domain {
    switch self {
    case .constant, .leaf, .link: self
    case .not(let inner): .not(inner.straightened)
    case .all(let parts): .all(parts.reversed().map(\.straightened))
    case .any(let parts): .any(parts.reversed().map(\.straightened))
    }
  }
}
