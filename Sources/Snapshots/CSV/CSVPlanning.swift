internal import Language

/// Finds out what the columns of a file mean, and makes the columns, lists and models that they
/// need.
struct CSVPlanning {
  let intake: Intake
  let batch: RowBatch
  let header: CSVHeader
  let file: String
  let style: CSVPlan.Style
  private var groups: [CSVGroup] = []
  private var choices: [CSVPlan.Choices] = []
  private var heads: [[UInt8]] = []
  /// Where the links and lists of a field are, by group and field.
  private var links: [String: Int] = [:]
  private var lists: [String: Int] = [:]
  /// The lines of each one2many.
  private var lines: [String: Int] = [:]

  init(
    _ intake: Intake, _ batch: RowBatch, _ header: CSVHeader, file: String, style: CSVPlan.Style
  ) {
    (self.intake, self.batch, self.header) = (intake, batch, header)
    (self.file, self.style) = (file, style)
  }

  /// - Throws: `noIDColumn`, `duplicateKey`, `badFieldName`, `tooManyFields`, `twoSources`.
  mutating func plan(_ model: ModelPlan) throws(SnapshotFault) -> CSVPlan {
    groups = [CSVGroup(model)]
    let joined = style == .copy ? JoinedVID(header, model, intake.catalog) : nil
    var seen: Set<CSVPath> = []
    for (index, name) in header.names.enumerated() where joined?.holds(index) != true {
      guard let path = CSVPath(name, of: model.name, in: intake.catalog) else {
        leaveOut(index, "its name is that of no field, nor the label of just one")
        continue
      }
      guard seen.insert(path).inserted else {
        throw fault(.duplicateKey, "two columns are the same field", index)
      }
      try add(path.steps[...], index, to: 0)
    }
    guard groups[0].id != Slot.none || groups[0].external != Slot.none else {
      throw SnapshotFault(
        .noIDColumn, "no column says which record a row is", at: SnapshotPlace(file))
    }
    if let joined { try add(joined) }
    return CSVPlan(style: style, groups: groups, choices: choices, heads: heads)
  }

  private mutating func add(
    _ steps: ArraySlice<String>, _ index: Int, to group: Int
  ) throws(SnapshotFault) {
    guard let step = steps.first else { return }
    let plan = groups[group].plan
    let rest = steps.dropFirst()
    if step == CSVPath.databaseID || step == CSVPath.externalID {
      return addID(step, index, to: group)
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

  private func addID(_ step: String, _ index: Int, to group: Int) {
    let group = groups[group]
    if step == CSVPath.databaseID || style == .copy {
      group.id = Int32(index)
    } else {
      group.external = Int32(index)
    }
  }

  private mutating func addValue(
    _ name: String, _ field: FieldDescription?, _ index: Int, to group: Int
  ) throws(SnapshotFault) {
    let (group, slot) = (groups[group], try slot(name, of: groups[group].plan, index))
    let rule = group.plan.slots.elements[Int(slot)].rule
    guard rule != .ignored else { return }
    try openColumn(slot, of: group.plan)
    var value = CSVGroup.Value(
      cell: Int32(index), column: group.plan.slots.elements[Int(slot)].column, slot: slot,
      rule: rule)
    if style == .export, let labels = CSVPlan.Choices(field) {
      value.choices = Int32(choices.count)
      choices.append(labels)
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

// Links, lists and lines.
extension CSVPlanning {
  private mutating func addLink(
    _ name: String, _ field: FieldDescription?, _ rest: ArraySlice<String>, _ index: Int,
    to number: Int
  ) throws(SnapshotFault) {
    let group = groups[number]
    guard let part = LinkPart(rest), let relation = field?.relation else {
      return leaveOut(index, "of a link, only its name and its id are kept")
    }
    let isFar = field?.isStored == false
    guard !isFar else { return }
    if part == .name, !hasID(name, of: group), isMet(relation) {
      return leaveOut(
        index, "it names records of \(relation) without their ids; export \(name)/.id")
    }
    let key = "\(number)/\(name)"
    if links[key] == nil {
      let slot = try slot(name, of: group.plan, index)
      try openColumn(slot, of: group.plan)
      var link = CSVGroup.Link(column: group.plan.slots.elements[Int(slot)].column)
      link.names = intake.namesNumber(of: relation, into: batch)
      link.needsID = isMet(relation)
      link.head = head(relation)
      group.links.append(link)
      links[key] = group.links.count - 1
    }
    let link = group.links.base + (links[key] ?? 0)
    switch part {
    case .id: link.pointee.id = Int32(index)
    case .external: link.pointee.external = Int32(index)
    case .name: link.pointee.name = Int32(index)
    }
    if !hasID(name, of: group) { intake.namedOnly[relation] = intake.namedOnly[relation] ?? file }
  }

  private mutating func addList(
    _ name: String, _ field: FieldDescription?, _ rest: ArraySlice<String>, _ index: Int,
    to number: Int
  ) throws(SnapshotFault) {
    let group = groups[number]
    guard let part = LinkPart(rest), let relation = field?.relation else {
      return leaveOut(index, "of a list, only names and ids are kept")
    }
    if part == .name, !hasID(name, of: group), isMet(relation) {
      return leaveOut(
        index, "it names records of \(relation) without their ids; export \(name)/.id")
    }
    let list = try list(name, relation, index, of: number)
    switch part {
    case .id: list.pointee.id = Int32(index)
    case .external: list.pointee.external = Int32(index)
    case .name: list.pointee.name = Int32(index)
    }
    if !hasID(name, of: group) { intake.namedOnly[relation] = intake.namedOnly[relation] ?? file }
  }

  private mutating func list(
    _ name: String, _ relation: String, _ index: Int, of number: Int
  ) throws(SnapshotFault) -> UnsafeMutablePointer<CSVGroup.List> {
    let group = groups[number]
    let key = "\(number)/\(name)"
    if let known = lists[key] { return group.lists.base + known }
    let slot = try slot(name, of: group.plan, index)
    var list = CSVGroup.List()
    list.list = try placed(index) { () throws(SnapshotFault) in
      try intake.addList(name, of: group.plan.name, into: batch)
    }
    group.plan.slots.elements[Int(slot)].list = list.list
    list.names = intake.namesNumber(of: relation, into: batch)
    list.head = head(relation)
    group.lists.append(list)
    lists[key] = group.lists.count - 1
    return group.lists.base + (group.lists.count - 1)
  }

  private mutating func addLines(
    _ name: String, _ field: FieldDescription?, _ rest: ArraySlice<String>, _ index: Int,
    to number: Int
  ) throws(SnapshotFault) {
    guard number == 0, let relation = field?.relation else {
      return leaveOut(index, "it leads to lines of lines")
    }
    guard !rest.isEmpty else {
      return leaveOut(index, "names of lines say nothing; export their fields")
    }
    guard relation != groups[0].plan.name, relation != SnapshotReader.mainModel else {
      return leaveOut(index, "\(relation) has records of its own")
    }
    if lines[name] == nil {
      lines[name] = groups.count
      groups.append(try makeLines(name, field, relation, index))
    }
    try add(rest, index, to: lines[name] ?? 0)
  }

  private mutating func makeLines(
    _ name: String, _ field: FieldDescription?, _ relation: String, _ index: Int
  ) throws(SnapshotFault) -> CSVGroup {
    let owner = groups[0].plan
    let slot = try slot(name, of: owner, index)
    let source = ModelPlan.Source.nested(model: owner.name, field: name)
    let child = try placed(index) { () throws(SnapshotFault) in
      try intake.model(relation, from: source, into: batch)
    }
    owner.slots.elements[Int(slot)].hadRecords = true
    let group = CSVGroup(child)
    if let inverse = field?.inverse {
      let back = try backSlot(inverse, of: child, to: owner.name, index)
      try openColumn(back, of: child)
      group.back = child.slots.elements[Int(back)].column
    }
    return group
  }

  private func backSlot(
    _ inverse: String, of child: ModelPlan, to owner: String, _ index: Int
  ) throws(SnapshotFault) -> Int32 {
    if let known = child[inverse] { return known }
    do {
      return try child.addBack(inverse, to: owner, event: index)
    } catch {
      throw fault(error.kind, error.fact, index)
    }
  }

  /// A person's VID beside the person, as a join of two tables gives it.
  private mutating func add(_ joined: JoinedVID) throws(SnapshotFault) {
    let model = groups[0].plan
    let number = groups.count
    lines[JoinedVID.field] = number
    groups.append(
      try makeLines(
        JoinedVID.field, model.description?[JoinedVID.field], JoinedVID.model, joined.value))
    try add(["value"], joined.value, to: number)
    if let status = joined.status { try add(["status"], status, to: number) }
    let group = groups[number]
    let slot = try slot("id_type", of: group.plan, joined.value)
    try openColumn(slot, of: group.plan)
    let name = Array(JoinedVID.type.utf8)
    let id = name.withUnsafeBufferPointer { intake.nameIDs.id(of: $0) }
    group.constant = (group.plan.slots.elements[Int(slot)].column, id)
    let names = intake.namesNumber(of: JoinedVID.types, into: batch)
    guard names != Slot.none else {
      throw fault(
        .twoSources, "the column \(JoinedVID.column) is an id of its own, and ids have a file",
        joined.value)
    }
    batch.names[Int(names)].names.append(.init(id: id, name: batch.arena.copy(name)))
    intake.namedOnly[JoinedVID.types] = intake.namedOnly[JoinedVID.types] ?? file
  }
}

extension CSVPlanning {
  /// Whether a file has a column with ids beside the names of a link or list of the group.
  private func hasID(_ name: String, of group: CSVGroup) -> Bool {
    let model = groups[0].plan.name
    let steps =
      group === groups[0]
      ? [name] : (lines.first { groups[$0.value] === group }.map { [$0.key, name] } ?? [])
    return header.names.contains { column in
      guard let path = CSVPath(column, of: model, in: intake.catalog) else { return false }
      return path.steps == steps + [CSVPath.databaseID]
        || path.steps == steps + [CSVPath.externalID]
    }
  }

  /// Whether records of the model come by themselves: ids of ours would lead nowhere.
  private func isMet(_ model: String) -> Bool {
    model == SnapshotReader.mainModel || intake.hasRecords(of: model)
  }

  private func slot(
    _ name: String, of plan: ModelPlan, _ index: Int
  ) throws(SnapshotFault) -> Int32 {
    if let known = plan[name] { return known }
    do {
      return try plan.add(name, limit: intake.limits.fields, event: index)
    } catch {
      throw fault(error.kind, error.fact, index)
    }
  }

  private func openColumn(_ slot: Int32, of plan: ModelPlan) throws(SnapshotFault) {
    guard plan.slots.elements[Int(slot)].column == Slot.none else { return }
    plan.addColumn(for: slot)
    let type = plan.slots.elements[Int(slot)].rule.columnType ?? .any
    batch.changes.append(.column(table: plan.number, name: plan.name(of: slot), type))
  }

  private mutating func head(_ model: String) -> Int {
    heads.append(ExternalID.head(of: model))
    return heads.count - 1
  }

  private func leaveOut(_ index: Int, _ why: String) {
    intake.note("\(place(index)): left out, since \(why)")
  }

  private func fault(_ kind: SnapshotFault.Kind, _ fact: String, _ index: Int) -> SnapshotFault {
    SnapshotFault(kind, fact, at: place(index))
  }

  private func placed<Result>(
    _ index: Int, _ body: () throws(SnapshotFault) -> Result
  ) throws(SnapshotFault) -> Result {
    do {
      return try body()
    } catch {
      throw fault(error.kind, error.fact, index)
    }
  }

  private func place(_ index: Int) -> SnapshotPlace { header.place(index, in: file) }
}

/// What of a linked record a column gives.
private enum LinkPart {
  case id, external, name

  init?(_ rest: ArraySlice<String>) {
    switch rest {
    case []: self = .name
    case [CSVPath.databaseID]: self = .id
    case [CSVPath.externalID]: self = .external
    case ["name"], ["display_name"]: self = .name
    default: return nil
    }
  }
}
