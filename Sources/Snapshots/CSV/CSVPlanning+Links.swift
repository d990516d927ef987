internal import Language

// Links, lists and lines.
extension CSVPlanning {
  mutating func addLink(
    _ name: String, _ field: FieldDescription?, _ rest: ArraySlice<String>, _ index: Int,
    to number: Int
  ) throws(SnapshotFault) {
    let group = groups[number]
    guard let part = LinkPart(rest), let relation = field?.relation else {
      return leaveOut(index, "of a link, only its name and its id are kept")
    }
    let isFar = field?.isStored == false
    guard !isFar else { return }
    if part == .name, !hasID(name, of: number), isMet(relation) {
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
      link.linked = linkedNumber(relation)
      group.links.append(link)
      links[key] = group.links.count - 1
    }
    let link = group.links.base + (links[key] ?? 0)
    switch part {
    case .id: link.pointee.id = Int32(index)
    case .external: link.pointee.external = Int32(index)
    case .name: link.pointee.name = Int32(index)
    }
  }

  mutating func addList(
    _ name: String, _ field: FieldDescription?, _ rest: ArraySlice<String>, _ index: Int,
    to number: Int
  ) throws(SnapshotFault) {
    guard let part = LinkPart(rest), let relation = field?.relation else {
      return leaveOut(index, "of a list, only names and ids are kept")
    }
    if part == .name, !hasID(name, of: number), isMet(relation) {
      return leaveOut(
        index, "it names records of \(relation) without their ids; export \(name)/.id")
    }
    let list = try list(name, relation, index, of: number)
    switch part {
    case .id: list.pointee.id = Int32(index)
    case .external: list.pointee.external = Int32(index)
    case .name: list.pointee.name = Int32(index)
    }
  }

  private mutating func list(
    _ name: String, _ relation: String, _ index: Int, of number: Int
  ) throws(SnapshotFault) -> UnsafeMutablePointer<CSVGroup.List> {
    let group = groups[number]
    let key = "\(number)/\(name)"
    if let known = lists[key] { return group.lists.base + known }
    let slot = try slot(name, of: group.plan, index)
    var list = CSVGroup.List()
    // In another file of the same model it is there already.
    list.list = group.plan.slots.elements[Int(slot)].list
    if list.list == Slot.none || !intake.parted.contains(groups[0].plan.name) {
      list.list = try placed(index) { () throws(SnapshotFault) in
        try intake.addList(name, of: group.plan.name, into: batch)
      }
      group.plan.slots.elements[Int(slot)].list = list.list
    }
    list.names = intake.namesNumber(of: relation, into: batch)
    list.linked = linkedNumber(relation)
    list.needsID = isMet(relation)
    group.lists.append(list)
    lists[key] = group.lists.count - 1
    return group.lists.base + (group.lists.count - 1)
  }

  mutating func addLines(
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
    let group = try group(child, index)
    if let inverse = field?.inverse {
      let back = try backSlot(inverse, of: child, to: owner.name, index)
      try openColumn(back, of: child)
      group.back = child.slots.elements[Int(back)].column
    }
    let back = group.back == Slot.none ? nil : child.columns[Int(group.back)]
    batch.changes.append(.nested(table: child.number, owner: owner.number, back: back))
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
  mutating func add(_ joined: JoinedVID) throws(SnapshotFault) {
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
