internal import Language

/// Finds out what the columns of a file mean, and makes the columns, lists and models that they
/// need.
struct CSVPlanning {
  let intake: Intake
  let batch: RowBatch
  let header: CSVHeader
  let file: String
  let style: CSVPlan.Style
  /// Columns that say an id which another column says.
  var twins: Set<Int> = []
  var groups: [CSVGroup] = []
  var choices: [CSVPlan.Choices] = []
  var linked: [CSVPlan.Linked] = []
  /// Where the links and lists of a field are, by group and field.
  var links: [String: Int] = [:]
  var lists: [String: Int] = [:]
  /// What the columns lead to.
  var paths: [CSVPath?] = []
  var known: Set<CSVPath> = []
  /// The lines of each one2many.
  var lines: [String: Int] = [:]

  init(
    _ intake: Intake, _ batch: RowBatch, _ header: CSVHeader, file: String, style: CSVPlan.Style
  ) {
    (self.intake, self.batch, self.header) = (intake, batch, header)
    (self.file, self.style) = (file, style)
  }

  /// - Throws: `noIDColumn`, `duplicateKey`, `badFieldName`, `tooManyFields`, `twoSources`.
  mutating func plan(_ model: ModelPlan) throws(SnapshotFault) -> CSVPlan {
    groups = [try group(model, 0)]
    let joined = style == .copy ? JoinedVID(header, model, intake.catalog) : nil
    paths = header.names.map { CSVPath($0, of: model.name, in: intake.catalog) }
    for (index, path) in paths.enumerated() where joined?.holds(index) != true {
      guard let path, !known.insert(path).inserted else { continue }
      guard path.isID, let first = paths.firstIndex(of: path) else {
        throw fault(.duplicateKey, "two columns are the same field", index)
      }
      twins.insert(index)
      groups[0].twins.append((Int32(first), Int32(index)))
    }
    let labels = CSVLabels(header, of: model.name, in: intake.catalog)
    if style == .export { try requireKnown(labels) }
    for (index, path) in paths.enumerated()
    where joined?.holds(index) != true && !twins.contains(index) {
      if let path {
        try add(path.steps[...], index, to: 0)
      } else {
        let name = header.names[index]
        if name.isEmpty {
          leaveOut(index, "it has no name")
        } else {
          leaveOut(index, as: labels.modelThatLacks(name))
        }
      }
    }
    guard groups[0].id != Slot.none || groups[0].external != Slot.none else {
      throw SnapshotFault(
        .noIDColumn, "no column says which record a row is", at: SnapshotPlace(file))
    }
    if let joined { try add(joined) }
    for group in groups where group.plan.name == JoinedVID.model { watch(group) }
    return CSVPlan(style: style, groups: groups, choices: choices, linked: linked)
  }

  mutating func add(
    _ steps: ArraySlice<String>, _ index: Int, to group: Int
  ) throws(SnapshotFault) {
    guard let step = steps.first else { return }
    let plan = groups[group].plan
    let rest = steps.dropFirst()
    if step == CSVPath.databaseID || step == CSVPath.externalID {
      return try addID(step, index, to: groups[group])
    }
    let field = plan.description?[step]
    switch field?.type {
    case .one2many?: try addLines(step, field, rest, index, to: group)
    case .many2many? where style == .export: try addList(step, field, rest, index, to: group)
    case .many2many?: leaveOut(index, "a table has no column for a list")
    case .many2one? where style == .export: try addLink(step, field, rest, index, to: group)
    default:
      guard rest.isEmpty else { return leaveOut(index, "it leads beyond a field that is no link") }
      try addValue(step, field, index, to: group)
    }
  }

  func addID(_ step: String, _ index: Int, to group: CSVGroup) throws(SnapshotFault) {
    guard step == CSVPath.externalID, style == .export else {
      return group.id = Int32(index)
    }
    group.external = Int32(index)
    let slot: Int32
    do {
      slot = try group.plan.externalSlot(event: index)
    } catch {
      throw fault(error.kind, error.fact, index)
    }
    try openColumn(slot, of: group.plan)
    group.externalColumn = group.plan.slots.elements[Int(slot)].column
  }

  mutating func addValue(
    _ name: String, _ field: FieldDescription?, _ index: Int, to group: Int
  ) throws(SnapshotFault) {
    guard name != ExternalID.field else { return leaveOut(index, "the name is one of ours") }
    let (group, slot) = (groups[group], try slot(name, of: groups[group].plan, index))
    let rule = group.plan.slots.elements[Int(slot)].rule
    guard rule != .ignored else { return }
    try openColumn(slot, of: group.plan)
    var value = CSVGroup.Value(
      cell: Int32(index), column: group.plan.slots.elements[Int(slot)].column, slot: slot,
      rule: rule)
    if style == .export, field?.type == .selection {
      choose(&value, of: field, group.plan.name, index)
    }
    if rule == .unknown, style == .export {
      group.plan.slots.elements[Int(slot)].looks.insert(.blankIsFalse)
    }
    if rule == .many2one, let relation = field?.relation {
      _ = intake.namesNumber(of: relation, into: batch)
    }
    group.values.append(value)
  }
}

extension CSVPlanning {
  /// Looks at the values of ids for what spreadsheets make of them.
  private func watch(_ group: CSVGroup) {
    guard let slot = group.plan["value"],
      let value = group.values.elements.first(where: { $0.slot == slot })
    else { return }
    let marks = SheetMarks(value.cell, at: place(Int(value.cell)))
    group.watch = (marks, group.plan["id_type"].map { group.plan.slots.elements[Int($0)].column })
    intake.sheets.append(marks)
  }

  private func requireKnown(_ labels: CSVLabels) throws(SnapshotFault) {
    let foreign = labels.foreign(paths)
    guard !foreign.isEmpty else { return }
    let files = foreign.map { $0 + ".fields_get.json" }.joined(separator: " and ")
    throw SnapshotFault(
      .foreignLabels,
      "the columns are named by labels that are not known: \(files) would say what they mean",
      at: SnapshotPlace(file, line: 1))
  }

  private mutating func choose(
    _ value: inout CSVGroup.Value, of field: FieldDescription?, _ model: String, _ index: Int
  ) {
    let kept = KeptValues(place(index), of: model)
    if let labels = CSVPlan.Choices(field, kept) {
      value.choices = Int32(choices.count)
      choices.append(labels)
      intake.kept.append(kept)
    } else if field?.selection.isEmpty == true {
      intake.note(
        "\(place(index)): the registry itself says what can be chosen, and labels are \(KeptValues.words); pack \(model).fields_get.json along to have the keys"
      )
    }
  }

  private func leaveOut(_ index: Int, as model: String) {
    intake.lacking.insert(model)
    leaveOut(
      index,
      "its name is that of no field of \(model), nor the label of just one; \(model).fields_get.json in the language of the export may know it"
    )
  }

  /// A group with its id, which every record has, given or made up.
  func group(_ plan: ModelPlan, _ index: Int) throws(SnapshotFault) -> CSVGroup {
    _ = try slot("id", of: plan, index)
    return CSVGroup(plan)
  }

  /// Whether a column gives the ids beside the names of a link or list of the group.
  func hasID(_ name: String, of number: Int) -> Bool {
    let line = lines.first { $0.value == number }?.key
    let steps = (line.map { [$0] } ?? []) + [name]
    return [CSVPath.databaseID, CSVPath.externalID].contains { last in
      known.contains(CSVPath(steps: steps + [last]))
    }
  }

  /// Whether records of the model come by themselves: ids of ours would lead nowhere.
  func isMet(_ model: String) -> Bool {
    model == SnapshotReader.mainModel || intake.hasRecords(of: model)
  }

  func slot(
    _ name: String, of plan: ModelPlan, _ index: Int
  ) throws(SnapshotFault) -> Int32 {
    if let known = plan[name] { return known }
    do {
      return try plan.add(name, limit: intake.limits.fields, event: index)
    } catch {
      throw fault(error.kind, error.fact, index)
    }
  }

  func openColumn(_ slot: Int32, of plan: ModelPlan) throws(SnapshotFault) {
    guard plan.slots.elements[Int(slot)].column == Slot.none else { return }
    plan.addColumn(for: slot)
    let type = plan.slots.elements[Int(slot)].rule.columnType ?? .any
    batch.changes.append(.column(table: plan.number, name: plan.name(of: slot), type))
  }

  mutating func linkedNumber(_ model: String) -> Int {
    linked.append(CSVPlan.Linked(model: model))
    return linked.count - 1
  }

  func leaveOut(_ index: Int, _ why: String) {
    intake.note("\(place(index)): left out, since \(why)")
  }

  func fault(_ kind: SnapshotFault.Kind, _ fact: String, _ index: Int) -> SnapshotFault {
    SnapshotFault(kind, fact, at: place(index))
  }

  func placed<Result>(
    _ index: Int, _ body: () throws(SnapshotFault) -> Result
  ) throws(SnapshotFault) -> Result {
    do {
      return try body()
    } catch {
      throw fault(error.kind, error.fact, index)
    }
  }

  func place(_ index: Int) -> SnapshotPlace { header.place(index, in: file) }
}
