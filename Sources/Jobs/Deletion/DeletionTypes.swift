import Faults
import JSONText
import Language
import Policies
import Store

/// The id types of a policy, found in the snapshot in force.
struct DeletionTypes {
  private(set) var vid: [Int64] = []
  private(set) var token: [Int64] = []
  private(set) var faults: [any Fault] = []
  private(set) var warnings: [Verdict.Reason] = []
  private let policy: VIDDeletionPolicy
  private let usual: SitePolicy.IDTypes

  init(_ policy: VIDDeletionPolicy, _ site: SitePolicy, over snapshot: SnapshotStore) throws {
    (self.policy, usual) = (policy, site.idTypes)
    let known = try snapshot.read { try IDTypes(in: $0, catalog: snapshot.catalog) }
    guard let known else {
      faults.append(
        JobFault(
          code: "no_id_types",
          message: "the snapshot in force does not hold reg ids with their owners and types",
          hint: "export g2p.reg.id (partner_id, id_type, value) and g2p.id.type as well"))
      return
    }
    vid = find(policy.vidType, usual.vid, policy.places.vidType, known, isToken: false)
    token = find(policy.tokenType, usual.uinToken, policy.places.tokenType, known, isToken: true)
    requireTwo()
    holdAgainstResults(known)
    holdStatus(against: snapshot.catalog)
  }

  private mutating func find(
    _ reference: VIDDeletionPolicy.TypeReference?, _ usual: String, _ place: JSONCursor?,
    _ known: IDTypes, isToken: Bool
  ) -> [Int64] {
    let place = place ?? policy.places.document
    switch reference ?? .name(usual) {
    case .id(let id):
      if known.exists(id) { return [id] }
      faults.append(
        unknown("the snapshot in force has no id type of this id", place, list(known.names)))
      return []
    case .name(let name):
      let found = known.ids(named: name).filter { isToken || !IDTypes.isOurs($0) }
      if found.isEmpty { note(missing: name, isToken, reference == nil, place, known) }
      if found.count > 1 {
        warnings.append(
          .warning(
            "id_type_twice", "\(found.count) id types have this name: rows of all of them count",
            at: place, hint: "their ids are \(list(found.map(String.init)))"))
      }
      return found
    }
  }

  private mutating func note(
    missing name: String, _ isToken: Bool, _ isUsual: Bool, _ place: JSONCursor?, _ known: IDTypes
  ) {
    if isToken, policy.tokenSource != .registry, name == usual.uinToken {
      return warnings.append(
        .warning(
          "id_type_to_come",
          "the registry has no id type for UIN tokens, and no token has come yet",
          at: place))
    }
    let key = isToken ? "id_types.uin_token" : "id_types.vid"
    let what =
      isUsual
      ? "the snapshot in force has no id type of the name that \(key) of the site policy gives"
      : "the snapshot in force has no id type of this name"
    let near = Spelling.nearest(to: name, among: known.names)
    faults.append(
      unknown(what, place, near.map { "did you mean \(quoted($0))?" } ?? list(known.names)))
  }

  private func unknown(_ fact: String, _ place: JSONCursor?, _ hint: String) -> any Fault {
    place?.fault("unknown_id_type", fact, hint: hint)
      ?? JobFault(code: "unknown_id_type", message: fact, hint: hint)
  }

  /// What would be taken for both would be deleted for itself.
  private mutating func requireTwo() {
    guard !Set(vid).isDisjoint(with: token) else { return }
    let place = policy.places.tokenType ?? policy.places.vidType ?? policy.places.document
    let fact = "the VID and the UIN token cannot be of one id type"
    faults.append(
      place?.fault("same_id_type", fact) ?? JobFault(code: "same_id_type", message: fact))
  }

  /// Results answer VIDs of the site policy's type with tokens of its type, and no others.
  private mutating func holdAgainstResults(_ known: IDTypes) {
    guard policy.tokenSource != .registry else { return }
    if policy.reach == .matched, policy.vidType != nil, !vid.isEmpty,
      Set(vid).isDisjoint(with: known.ids(named: usual.vid))
    {
      warnings.append(
        .warning(
          "never_answered",
          "results answer VIDs of the type that the site policy names, and this is another: none is matched",
          at: policy.places.vidType))
    }
    if policy.tokenType != nil, !token.isEmpty,
      Set(token).isDisjoint(with: known.ids(named: usual.uinToken))
    {
      warnings.append(
        .warning(
          "never_answered",
          "tokens of results are of the type that the site policy names, and this is another",
          at: policy.places.tokenType))
    }
  }

  private mutating func holdStatus(against catalog: ModelCatalog) {
    guard let status = policy.tokenStatus, let place = policy.places.tokenStatus else { return }
    guard let field = catalog["g2p.reg.id"]?["status"], field.isPresent else {
      faults.append(
        place.fault(
          "absent_field", "the snapshot in force does not hold the status of reg ids",
          hint: "export g2p.reg.id with \"status\", or leave it out here"))
      return
    }
    guard !field.selection.isEmpty, !field.selection.contains(status) else { return }
    let near = Spelling.nearest(to: status, among: field.selection)
    warnings.append(
      .warning(
        "unknown_choice", "the registry has no such status: no token will have it", at: place,
        hint: near.map { "did you mean \"\($0)\"?" } ?? list(field.selection)))
  }

  private func quoted(_ name: String) -> String { JSON.string(name).line() }

  private func list(_ names: [String]) -> String {
    names.isEmpty
      ? "it has none" : "known are \(names.prefix(20).map(quoted).joined(separator: ", "))"
  }
}
