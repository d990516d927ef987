package import Language

/// What a snapshot turned out to hold, once it has been read to its end.
package struct SnapshotContents: Sendable, Hashable {
  /// How the values were written.
  package enum Form: String, Sendable, Hashable {
    /// As `search_read` gives them: unset numbers came as 0, unset booleans as false; fractions of
    /// seconds were cut off, and links to archived records left out.
    case searchRead = "search_read"
    /// Submissions of an ODK form.
    case odk
    /// The same in CSV, where all is text.
    case odkTables = "odk_csv"
    /// Unset is null, everywhere: nothing is lost.
    case extract
    /// As Odoo's export dialogue writes CSV: what `search_read` loses, and an empty text is as an
    /// unset one, times are those of whoever exported, and links may have a name and no id.
    case csvExport = "csv_export"
    /// As PostgreSQL's `COPY` writes CSV: nothing is lost.
    case copy
  }

  /// A model whose records came.
  package struct Table: Sendable, Hashable {
    package let model: String
    /// The file's name, or the field that the records were nested in: `res.partner/reg_ids`.
    package let source: String
    /// By column number; the first is `id`.
    package let columns: [Column]

    package init(model: String, source: String, columns: [Column]) {
      self.model = model
      self.source = source
      self.columns = columns
    }
  }

  package struct Column: Sendable, Hashable {
    package let name: String
    package let ending: ColumnEnding

    package init(name: String, ending: ColumnEnding) {
      self.name = name
      self.ending = ending
    }
  }

  /// A list of ids.
  package struct List: Sendable, Hashable {
    package let model: String
    package let field: String
    /// The other model's records came as well and point back, so that the list says nothing new.
    package let isSuperseded: Bool

    package init(model: String, field: String, isSuperseded: Bool) {
      self.model = model
      self.field = field
      self.isSuperseded = isSuperseded
    }
  }

  package let form: Form
  /// By table number.
  package let tables: [Table]
  /// By list number.
  package let lists: [List]
  /// By names number: the model, and whether its records came as well, so that its names are of no
  /// use.
  package let names: [Names]
  /// Every model that was described or came; its fields say whether they are present.
  package let catalog: ModelCatalog
  /// What was left out of the drop, and why: names of files and columns, never values.
  package let notes: [String]
  /// Models that links lead to by external id.
  package let externalLinks: Set<String>

  package init(
    form: Form, tables: [Table], lists: [List], names: [Names], catalog: ModelCatalog,
    notes: [String] = [], externalLinks: Set<String> = []
  ) {
    self.form = form
    self.tables = tables
    self.lists = lists
    self.names = names
    self.catalog = catalog
    self.notes = notes
    self.externalLinks = externalLinks
  }

  package struct Names: Sendable, Hashable {
    package let model: String
    package let isSuperseded: Bool
  }
}
