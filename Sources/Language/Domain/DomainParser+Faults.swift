package import JSONText

extension DomainParser {
  /// Parses a domain to its end, whatever is wrong with it: every fault, and for a domain that has
  /// any, its sound conditions and-ed together, to be looked at further.
  package func readAll(_ cursor: JSONCursor) -> (domain: Domain, faults: [DomainFault]) {
    do throws(DomainFault) {
      return (try parse(cursor), [])
    } catch {
      var found = DomainFaults()
      collect(cursor, depth: deepest, &found)
      let isFound = found.faults.contains { $0.message == error.message }
      return (.all(found.sound), isFound ? found.faults : [error] + found.faults)
    }
  }

  private func collect(_ cursor: JSONCursor, depth: Int, _ found: inout DomainFaults) {
    guard depth > 0, case .array = cursor.node.value, let terms = try? cursor.array() else {
      return
    }
    do throws(DomainFault) { try checkArity(terms, in: cursor) } catch { found.note(error) }
    for term in terms where !found.isFull {
      if case .string = term.node.value { continue }
      do throws(DomainFault) {
        found.sound.append(try leaf(term, depth: depth))
      } catch {
        let before = found.faults.count
        if let inner = innerDomain(term) { collect(inner, depth: depth - 1, &found) }
        if found.faults.count == before { found.note(error) }
      }
    }
  }

  /// The domain of a leaf with `any` or `not any`.
  private func innerDomain(_ term: JSONCursor) -> JSONCursor? {
    guard let parts = try? term.array(), parts.count == 3,
      case .string(let text) = parts[1].node.value, let operation = Operator(spelled: text),
      operation == .any || operation == .notAny
    else { return nil }
    return parts[2]
  }
}

/// What a parser that does not stop has found.
private struct DomainFaults {
  private(set) var faults: [DomainFault] = []
  var sound: [Domain] = []
  var isFull: Bool { faults.count >= 100 }

  mutating func note(_ fault: DomainFault) { if !isFull { faults.append(fault) } }
}
