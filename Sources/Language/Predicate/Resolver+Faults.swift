extension Resolver {
  /// Every condition of a domain that cannot be asked of a model, each with its fault; a hundred at
  /// most. Empty where `resolve` answers.
  package func faults(
    of domain: Domain, on model: String, activeTest: Bool
  ) -> [DomainFault] {
    do throws(DomainFault) {
      _ = try resolve(domain, on: model, activeTest: activeTest)
      return []
    } catch {
      var found: [DomainFault] = []
      collect(domain, on: model, &found)
      return found.isEmpty ? [error] : found
    }
  }

  private func collect(_ domain: Domain, on model: String, _ found: inout [DomainFault]) {
    for condition in domain.ownConditions where found.count < 100 {
      do throws(DomainFault) {
        _ = try resolve(condition, on: model, activeTest: false)
      } catch {
        let before = found.count
        if case .link(let link) = condition, let comodel = end(of: link.field, from: model) {
          collect(link.domain, on: comodel, &found)
        }
        if found.count == before { found.append(error) }
      }
    }
  }

  /// The model that a path of links leads to; nil if it leads nowhere.
  private func end(of path: String, from model: String) -> String? {
    path.split(separator: ".").reduce(model as String?) { model, hop in
      model.flatMap { catalog[$0]?[String(hop)]?.relation }.flatMap { catalog[$0]?.name }
    }
  }
}
