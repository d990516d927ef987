internal import CSimdjson
internal import Language

/// Turns parsed records into rows: the models, lists and names that turned up so far, and the batch
/// that is being filled.
final class Intake {
  var catalog: ModelCatalog
  /// What the drop says of models beyond their fields.
  var facts: [String: ModelFacts] = [:]
  let limits: SnapshotLimits
  let translation: Translation
  /// Whether what comes is JSON that PostgreSQL wrote as text.
  let copied = CopiedJSON()
  private(set) var models: [ModelPlan] = []
  private(set) var lists: [ListPlan] = []
  private(set) var names: [NamesPlan] = []
  private(set) var notes: [String] = []
  /// Models whose records got ids of ours, since nothing but names was given, and the file.
  var namedOnly: [String: String] = [:]
  /// Values of choices that are not known, by column.
  var kept: [KeptValues] = []
  /// Columns of ids' values in CSV.
  var sheets: [SheetMarks] = []
  /// Models of which labels were met that nobody knows.
  var lacking: Set<String> = []
  /// Models that links lead to by external id, and the file.
  var externalLinks: [String: String] = [:]
  let nameIDs = NameIDs()
  let externalIDs = NameIDs(ExternalID.number)
  /// Models whose records stand in several files.
  private(set) var parted: Set<String> = []
  private var modelNumbers: [String: Int] = [:]
  private var namesNumbers: [String: Int] = [:]
  /// Lists of the record in hand, which must wait for its id.
  let waiting = Pile<WaitingList>(capacity: 64)
  /// What every record touches.
  let state: UnsafeMutablePointer<State>

  struct State: BitwiseCopyable {
    /// Counts records of every level.
    var stamp: UInt64 = 0
    /// Whether something was written as `search_read` writes it: `false` for unset, `[id, "name"]`.
    var hasOdooStyle = false
    /// Whether an Odoo CSV export came, or a table that PostgreSQL wrote.
    var hasExport = false
    var hasCopy = false
    /// What stands in a row for a field that its record does not name.
    var filler = Cell.null
  }

  /// The records are those of a delta: what a record does not name is kept apart from what is unset,
  /// and each list of a record begins with a mark, the target 0, that it was named.
  var isDelta: Bool {
    get { state.pointee.filler.kind == .absent }
    set { state.pointee.filler = newValue ? Cell(.absent) : .null }
  }

  /// A list of ids, in a table of its own.
  struct ListPlan: Equatable {
    let model: String
    let field: String
  }

  init(catalog: ModelCatalog, limits: SnapshotLimits) {
    self.catalog = catalog
    self.limits = limits
    translation = Translation(limits.language)
    state = .allocate(capacity: 1)
    state.initialize(to: State())
  }

  deinit { state.deallocate() }

  /// The plan of a model whose records come from `source`; a table is made for it.
  /// - Throws: `twoSources` if they come from somewhere else as well, `tooManyModels`.
  func model(
    _ name: String, from source: ModelPlan.Source, into batch: RowBatch
  ) throws(SnapshotFault) -> ModelPlan {
    if let number = modelNumbers[name] {
      let plan = models[number]
      if plan.source != source { try goOn(plan, in: source, batch) }
      return plan
    }
    guard models.count < limits.models else {
      throw SnapshotFault(.tooManyModels, "there are more than \(limits.models) models")
    }
    let plan = ModelPlan(
      name, number: models.count, source: source, description: catalog[name])
    models.append(plan)
    modelNumbers[name] = plan.number
    batch.changes.append(.table(model: name))
    if let over = namesNumbers[name] { names[over].isOver = true }
    provide(batch)
    return plan
  }

  /// Notes that a model's records go on in another file.
  private func goOn(
    _ plan: ModelPlan, in source: ModelPlan.Source, _ batch: RowBatch
  ) throws(SnapshotFault) {
    guard case .file = plan.source, case .file = source else {
      throw SnapshotFault(.twoSources, "the records of \(plan.name) come from two places")
    }
    parted.insert(plan.name)
    batch.changes.append(.part(table: plan.number))
  }

  /// Whether records of the model have come.
  func hasRecords(of model: String) -> Bool { modelNumbers[model] != nil }

  func plan(of model: String) -> ModelPlan? { modelNumbers[model].map { models[$0] } }

  /// Makes a list for a field of a model, and gives its number.
  /// - Throws: `twoSources` if it came from somewhere else before.
  func addList(
    _ field: String, of model: String, into batch: RowBatch
  ) throws(SnapshotFault) -> Int32 {
    let list = ListPlan(model: model, field: field)
    guard !lists.contains(list) else {
      throw SnapshotFault(.twoSources, "the list \(model)/\(field) comes from two places")
    }
    lists.append(list)
    batch.changes.append(.list(model: model, field: field))
    provide(batch)
    return Int32(lists.count - 1)
  }

  /// Notes something that was left out, in words that hold no values.
  func note(_ text: String) {
    if notes.count < 50 { notes.append(text) }
  }

  /// The number of the names of a model, `Slot.none` if they are of no use. Those of partners are
  /// not, since partners always come with records.
  func namesNumber(of model: String, into batch: RowBatch) -> Int32 {
    guard model != SnapshotReader.mainModel, !hasRecords(of: model), FieldName.isGoodModel(model)
    else { return Slot.none }
    if let number = namesNumbers[model] { return Int32(number) }
    names.append(NamesPlan(model, number: names.count))
    namesNumbers[model] = names.count - 1
    batch.changes.append(.names(model: model))
    provide(batch)
    return Int32(names.count - 1)
  }

  /// Gives the batch room for all tables, lists and names.
  func provide(_ batch: RowBatch) {
    while batch.tables.count < models.count { batch.tables.append(TableRows()) }
    while batch.lists.count < lists.count { batch.lists.append(ListRows()) }
    while batch.names.count < names.count { batch.names.append(NameRows()) }
  }
}

/// A list that waits until its owner's id is known.
struct WaitingList: BitwiseCopyable {
  let slot: Int32
  let event: Int
}
