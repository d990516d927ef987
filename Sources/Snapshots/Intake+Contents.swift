internal import Language

extension Intake {
  /// What has come, when nothing more will.
  func contents() -> SnapshotContents {
    let catalog = presentCatalog()
    return SnapshotContents(
      form: form,
      tables: models.map(table),
      lists: lists.map {
        .init(
          model: $0.model, field: $0.field,
          isSuperseded: !hasRecords(of: $0.model) || pointsBack(catalog[$0.model]?[$0.field]))
      },
      names: names.map { .init(model: $0.model, isSuperseded: hasRecords(of: $0.model)) },
      catalog: catalog,
      notes: notes + namesNotes + listNotes + kept.compactMap(\.note)
        + sheets.compactMap(\.note),
      externalLinks: Set(externalLinks.keys))
  }

  private var listNotes: [String] {
    models.flatMap { plan in
      plan.slots.elements.indices.filter { plan.slots.elements[$0].goesOn }.map { slot in
        let name = SnapshotPlace.printable(plan.name(of: Int32(slot)))
        return
          "\(name): left out, since it is a list and nobody described it; pack \(plan.name).fields_get.json along, or export it by the ids"
      }
    }
  }

  private var namesNotes: [String] {
    names.filter { $0.hasSeveral && !hasRecords(of: $0.model) }.map {
      "\($0.model): some of its records came with several names; the first that came counts"
    }
  }

  private var form: SnapshotContents.Form {
    if state.pointee.hasExport { return .csvExport }
    if state.pointee.hasOdooStyle { return .searchRead }
    return state.pointee.hasCopy ? .copy : .extract
  }

  private func table(_ plan: ModelPlan) -> SnapshotContents.Table {
    let source =
      switch plan.source {
      case .file(let name): name
      case .nested(let model, let field): "\(model)/\(field)"
      }
    let columns = plan.columns.map { name in
      SnapshotContents.Column(
        name: name, ending: plan[name].map { plan.slots.elements[Int($0)].ending } ?? .asIs)
    }
    return .init(model: plan.name, source: source, columns: columns)
  }

  /// Whether the field is a one2many whose other side has a column that points back.
  private func pointsBack(_ field: FieldDescription?) -> Bool {
    guard let field, field.type == .one2many, let relation = field.relation,
      let inverse = field.inverse, let plan = plan(of: relation), let slot = plan[inverse]
    else { return false }
    return plan.slots.elements[Int(slot)].column != Slot.none
      && plan.slots.elements[Int(slot)].rule == .many2one
  }

  /// All models, each field with the word whether it is present.
  private func presentCatalog() -> ModelCatalog {
    var all = catalog
    for model in catalog.models.values where !hasRecords(of: model.name) {
      all[model.name] = absent(model)
    }
    for plan in models { all[plan.name] = described(plan) }
    for name in names where !hasRecords(of: name.model) { nameOnly(name.model, in: &all) }
    for list in lists where hasRecords(of: list.model) {
      all[list.model]?[list.field]?.isPresent = true
    }
    for (model, facts) in facts { all[model] = all[model].map(facts.applied) }
    return withoutLabels(all)
  }

  /// Labels of choices are for reading, and are not kept.
  private func withoutLabels(_ catalog: ModelCatalog) -> ModelCatalog {
    var catalog = catalog
    for model in catalog.models.values {
      for field in model.fields.values where !field.selectionLabels.isEmpty {
        catalog[model.name]?[field.name]?.selectionLabels = []
      }
    }
    return catalog
  }

  private func absent(_ model: ModelDescription) -> ModelDescription {
    var model = model
    for field in model.fields.keys { model[field]?.isPresent = false }
    return model
  }

  private func described(_ plan: ModelPlan) -> ModelDescription {
    var model =
      plan.description.map(absent)
      ?? ModelDescription(plan.name, origin: .inferred, fields: [])
    for (index, slot) in plan.slots.elements.enumerated() {
      let name = plan.name(of: Int32(index))
      if model[name] == nil { model[name] = inferred(name, slot, plan) }
      model[name]?.isPresent = isPresent(slot)
    }
    // Every table has ids, also where the export names them otherwise, or not at all.
    if model["id"] == nil { model["id"] = FieldDescription("id", .integer) }
    model["id"]?.isPresent = true
    for field in model.fields.values where pointsBack(field) {
      model[field.name]?.isPresent = true
    }
    return model
  }

  private func isPresent(_ slot: Slot) -> Bool {
    guard !slot.goesOn else { return false }
    return slot.column != Slot.none || slot.list != Slot.none || slot.hadRecords
  }

  private func inferred(_ name: String, _ slot: Slot, _ plan: ModelPlan) -> FieldDescription {
    if let owner = plan.backs[name] { return FieldDescription(name, .many2one, relation: owner) }
    if name == ExternalID.field, slot.rule == .text {
      return FieldDescription(name, .char, label: "External ID")
    }
    if slot.rule == .id { return FieldDescription(name, .integer) }
    let type = slot.seenType
    return FieldDescription(name, type, isSearchable: type != .other)
  }

  /// A model of which nothing but names came.
  private func nameOnly(_ name: String, in catalog: inout ModelCatalog) {
    var model =
      catalog[name].map(absent)
      ?? ModelDescription(name, origin: .inferred, fields: [FieldDescription("id", .integer)])
    model["id"]?.isPresent = true
    model["name"] = FieldDescription("name", .char, label: model["name"]?.label)
    catalog[name] = model
  }
}
