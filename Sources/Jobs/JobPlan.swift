import Faults
import JSONText
package import Language
package import Policies
package import Store

/// A manifest that has been held against the site policy and the snapshot in force: what will be
/// read, and what will be sent under which key.
package struct JobPlan: Sendable {
  package let manifest: Manifest
  package let stream: SitePolicy.Stream
  package private(set) var selection: Selection
  package let layout: RecordLayout
  /// VIDs that are sent for nobody, since several hold them.
  private(set) var sharedVIDs: Ahead<SharedVIDs>?
  /// Which VIDs are fit to be sent.
  private(set) var rules = VIDRules()
  /// What the MTS is sent for a gender.
  let genders: GenderWords
  /// What is accepted and is almost surely a mistake.
  package private(set) var warnings: [Verdict.Reason]
  /// What the export has lost of the fields of the filter, with the operator's word that it may.
  package private(set) var acceptedLoss: [String] = []

  /// - Parameter vidTypes: ids of the snapshot's id types with the policy's name for VIDs; a job
  ///   over ODK submissions needs none.
  /// - Throws: `PolicyFault`, `DomainFault`, `SelectionFault`, `JobFault`.
  package init(
    _ manifest: Manifest, policy: SitePolicy, catalog: ModelCatalog, vidTypes: [Int64]
  ) throws {
    self.manifest = manifest
    let input = manifest.input
    stream = try PolicyCheck(policy).stream(for: manifest)
    var query = try Resolver(catalog: catalog).resolve(
      manifest.filter, on: input.store.mainModel,
      activeTest: input.store == .registry && manifest.activeTest)
    if query.picksEveryone, !manifest.everyone {
      throw ManifestDecoder.needsConsent(manifest.filterPlace)
    }
    query.predicate = input.narrowed(query.predicate)
    guard let model = catalog[input.store.mainModel] else { throw JobFault.noSnapshot }
    let vid = try VIDChoice(types: vidTypes, policy: policy, stream: stream).source(for: manifest) {
      try JobPlan.selected($0, model, catalog)
    }
    let fields = try manifest.leavingFields.map { try JobPlan.selected($0, model, catalog) }
    selection = Selection(query: query, fields: fields, vid: vid)
    selection.order = try JobPlan.sorted(manifest.order, model)
    layout = RecordLayout(manifest, fields: fields)
    genders = GenderWords(manifest.mts.values, policy: policy.values)
    warnings = layout.shadowed.map { JobPlan.shadowed($0) }
  }

  static func selected(
    _ field: ManifestField, _ model: ModelDescription, _ catalog: ModelCatalog
  ) throws -> SelectedField {
    do throws(SelectionFault) {
      return try SelectedField(field.name, of: model, in: catalog)
    } catch {
      throw field.place.fault(error.code, error.message, hint: error.hint)
    }
  }

  static func sorted(_ terms: [OrderTerm], _ model: ModelDescription) throws -> SelectionOrder {
    var order = SelectionOrder()
    for term in terms {
      do throws(SelectionFault) { try order.append(term, of: model) } catch {
        throw term.place.fault(error.code, error.message, hint: error.hint)
      }
    }
    return order
  }

  /// The plan over a snapshot that is open; it must be of the kind that the input asks for.
  package init(_ manifest: Manifest, policy: SitePolicy, over snapshot: SnapshotStore) throws {
    let types = try snapshot.read { database in
      try VIDTypes.ids(named: policy.idTypes.vid, in: database, catalog: snapshot.catalog)
    }
    try self.init(manifest, policy: policy, catalog: snapshot.catalog, vidTypes: types)
    try QueryGuards(selection.query).check(over: snapshot)
    let lacks = try selection.query.lacks(over: snapshot)
    acceptedLoss = try LossConsent.accepted(lacks, by: manifest)
    warnings += try selection.query.warnings(over: snapshot, lacks).map(JobPlan.reason)
    rules = try VIDRules(
      selection.vid, on: selection.query.model, policy: policy, over: snapshot)
    warnings += [rules.warning].compactMap(\.self)
    // While the filter's sets are asked for here, another connection looks for shared VIDs.
    sharedVIDs = Ahead { [vid = selection.vid, model = selection.query.model] in
      try snapshot.second().read { try SharedVIDs(of: vid, on: model, in: $0) }
    }
    selection.query = try QueryFolding(over: snapshot).fold(selection.query)
  }

  static func reason(_ warning: DomainWarning) -> Verdict.Reason {
    let position = warning.place.position
    return Verdict.Reason(
      code: warning.code, message: "\(position) (\(warning.place.pointer)): \(warning.message)",
      place: position.place(pointer: warning.place.pointer))
  }

  private static func shadowed(_ field: ManifestField) -> Verdict.Reason {
    Verdict.Reason(
      code: "field_shadowed",
      message:
        "\(field.place.position) (\(field.place.pointer)): the field \(Spelling.shown(field.name)) is not sent, because the MTS key of the same name is made from other fields",
      hint: "leave it out of \"fields\", or map the key to it")
  }
}
