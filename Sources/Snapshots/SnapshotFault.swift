package import Faults

/// A snapshot that is not what it should be. It says where, and what was expected: never the value.
package struct SnapshotFault: Fault, Equatable {
  /// The class of the fault; its raw value is the code.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case notJSON = "not_json"
    case cutShort = "cut_short"
    case notUTF8 = "not_utf8"
    case emptyFile = "empty_file"
    case wrongType = "wrong_type"
    case outOfRange = "out_of_range"
    case badDate = "bad_date"
    case badText = "bad_text"
    case badID = "bad_id"
    case missingID = "missing_id"
    case duplicateID = "duplicate_id"
    case duplicateKey = "duplicate_key"
    case badFieldName = "bad_field_name"
    case contradictingParent = "contradicting_parent"
    case mixedLines = "mixed_lines"
    case tooLarge = "too_large"
    case tooDeep = "too_deep"
    case tooManyFields = "too_many_fields"
    case tooManyModels = "too_many_models"
    case unknownEntry = "unknown_entry"
    case badModelName = "bad_model_name"
    case twoSources = "two_sources"
    case noRegistrants = "no_registrants"
    case badDescription = "bad_description"
    case errorAnswer = "error_answer"
    case badQuote = "bad_quote"
    case openQuote = "open_quote"
    case tooFewCells = "too_few_cells"
    case tooManyCells = "too_many_cells"
    case badHeader = "bad_header"
    case noIDColumn = "no_id_column"
    case foreignLabels = "foreign_labels"
    case namesOnly = "names_only"
    case mixedLists = "mixed_lists"
    case csvDelta = "csv_delta"
    case changedWhileReading = "changed_while_reading"
    case outOfMemory = "out_of_memory"
    case badHead = "bad_head"
    case changedModel = "delta_changes_model"
    case newModel = "delta_new_model"
    case contradiction = "delta_contradicts_itself"
    case danglingLinks = "delta_leaves_dangling_links"
    case unevenForm = "odk_form_unclear"
    case orphans = "odk_orphans"
    case partial = "odk_partial"
    case otherForm = "delta_of_another_form"
    case disagreement = "contradiction"
    case nameless = "rows_without_names"
    case notByRecord = "not_by_record"
    case otherData = "not_registry_data"
    case onePage = "one_page"
    case onePart = "one_part"
    case otherModel = "another_model"
    case unknownModel = "unknown_model"
    case nameDiffers = "name_contradicts_fields"
    case unevenParts = "uneven_parts"
    case twoRows = "row_differs"
    // Files that are known and not taken, and tables in doubt.
    case odooBackup = "odoo_backup"
    case dumpForm = "dump_form"
    case spreadsheet
    case badSheet = "bad_sheet"
    case notATable = "not_a_table"
    case wideText = "utf16_without_mark"
    case screenTable = "printed_table"
    case noHeader = "no_header"
    case badEscape = "bad_escape"
    case nullText = "null_as_text"
    case doubtfulTable = "doubtful_table"
    case copiedJSON = "copied_json"
    case countDiffers = "count_differs"
  }

  package let kind: Kind
  package let fact: String
  package let spot: SnapshotPlace?

  package init(_ kind: Kind, _ fact: String, at place: SnapshotPlace? = nil) {
    self.kind = kind
    self.fact = fact
    spot = place
  }

  /// A drop that is not the same when it is read again.
  package static func changed(_ file: String) -> SnapshotFault {
    SnapshotFault(
      .changedWhileReading, "the file changed while it was read", at: SnapshotPlace(file))
  }

  package var code: String { kind.rawValue }
  package var message: String { spot.map { "\($0): \(fact)" } ?? fact }
  package var hint: String? { Self.hints[kind] }
  package var place: FaultPlace? {
    spot.map { spot in
      FaultPlace(
        file: spot.file, line: spot.line, column: spot.column,
        pointer: spot.pointer.isEmpty ? nil : spot.pointer)
    }
  }
  package var blame: Blame { kind == .outOfMemory ? .environment : .input }

  private static let copyCommand =
    "in psql: \\copy (select … ) to 'res_partner.csv' with (format csv, header, force_quote *)"

  private static let hints: [Kind: String] = [
    .notJSON:
      "export again; a snapshot is NDJSON, one JSON array, CSV, or a tar or zip of such files",
    .badQuote: "write CSV with quotes around cells, and quotes inside of them doubled",
    .openQuote: "copy the file again, or look for a quote that is not doubled",
    .tooFewCells: "every row must have as many cells as the header; export again",
    .tooManyCells:
      "every row must have as many cells as the header; a text with the separator in it needs quotes",
    .noIDColumn: "add the column \".id\" (\"ID\" in Odoo's dialogue), or \"id\" (\"External ID\")",
    .missingID:
      "export the records' own ids as well: \".id\" (\"ID\") in Odoo's dialogue, __id from ODK Central",
    .foreignLabels:
      "export again with \"I want to update data (import-compatible export)\" ticked; or pack the file with those of fields_get, asked for with the context {\"lang\": LANGUAGE} of the export",
    .namesOnly: "export the column FIELD/.id as well, or leave the other model's file out",
    .csvDelta: "write the delta as NDJSON, or drop a whole snapshot",
    .mixedLists: "export the column FIELD/.id of this list as well",
    .cutShort: "copy the file again, it was not transferred to its end",
    .notUTF8:
      "save the file as UTF-8 (\"CSV UTF-8\"), or ask who made it for its encoding, then: iconv -f ENCODING -t UTF-8 FILE > FILE.utf8.csv",
    .duplicateID: "export again, every record once",
    .duplicateKey:
      "keep one of the two; in a query give each column a name of its own (select p.id, r.id as reg_id)",
    .disagreement: "export again; if it comes back, correct the record in the registry",
    .countDiffers: "the export is not whole, or was put together from several; export again",
    .unknownEntry:
      "name each file MODEL.ndjson, MODEL.json, MODEL.csv, MODEL.fields_get.json or MODEL.model.json",
    .badModelName: "name each file by its Odoo model: res.partner.ndjson",
    .twoSources: "keep one file of each model, and nest no records of a model that has a file",
    .noRegistrants: "add res.partner.ndjson, the file of the registrants",
    .mixedLines: "give either whole records or only their ids",
    .errorAnswer: "Odoo refused the export; look at its answer and export again",
    .badHead: "see docs/operations.md for the head of a snapshot",
    .changedModel: "drop a full snapshot",
    .newModel: "drop a full snapshot",
    .danglingLinks: "send those records again as they are now, or delete them as well",
    .partial: "export all pages into one document, without $top and $skip",
    .otherForm: "export the delta as the snapshot in force was exported, or drop a full snapshot",
    .nameless:
      "write the names of the fields as a header above the rows, as CSV, or export with search_read",
    .notByRecord: "write one object a record: to_json(..., orient=\"records\", lines=True)",
    .otherData:
      "export the registry as docs/operations.md says, in Odoo with search_read; of an ODK form its .svc/Submissions?$expand=*",
    .onePage: "export all records at once, without limit and offset, or pack all pages in one tar",
    .onePart:
      "pack all parts in one: tar -cf export.tar res.partner.1.ndjson res.partner.2.ndjson (without the parts' heads: sed 1d)",
    .otherModel:
      "pack it in one tar with the file of res.partner: tar -cf export.tar res.partner.ndjson MODEL.ndjson",
    .unknownModel:
      "if they are, name the file res.partner.ndjson, .json or .csv; in another language than English pack it with res.partner.fields_get.json",
    .nameDiffers: "name the file by the model of its records",
    .unevenParts:
      "export every part with the same fields; what nobody describes needs MODEL.fields_get.json",
    .twoRows:
      "the registry changed between the parts: export them again while nobody writes, or correct the record",
    .orphans: "export the form again, all of its tables at once",
    .odooBackup:
      "unpack it and drop its dump.sql by itself, or export the tables as docs/operations.md says",
    .dumpForm:
      "pg_dump --data-only --encoding=UTF8 -t res_partner -t 'g2p_*' registry | zstd > dump.sql.zst, and drop that by itself",
    .spreadsheet:
      "in Odoo choose the format CSV, or XLSX; in the spreadsheet \"Save as CSV UTF-8\"",
    .badSheet: "in Odoo choose the format CSV",
    .notATable: "export the records themselves: in Odoo select all, Action, Export, format CSV",
    .wideText:
      "save it as \"CSV UTF-8\", or type: iconv -f UTF-16LE -t UTF-8 FILE > FILE.utf8.csv",
    .screenTable: copyCommand,
    .noHeader: copyCommand,
    .badEscape: copyCommand,
    .nullText:
      "without null '…', and with texts in quotes: \\copy TABLE to 'TABLE.csv' with (format csv, header, force_quote *)",
    .doubtfulTable: copyCommand,
    .copiedJSON:
      "type: psql registry -At -c \"select row_to_json(t) from (select … ) t\" > res.partner.ndjson",
    .badDate:
      "write dates as 1980-02-29 and times as 1980-02-29 10:00:00: no other order is guessed",
    .changedWhileReading: "write the file under another name and rename it when it is complete",
  ]
}

/// Where in a snapshot something stands.
package struct SnapshotPlace: Sendable, Hashable, CustomStringConvertible {
  /// The file's name, or the entry's inside a tar or zip.
  package var file: String
  /// From 1, in NDJSON and CSV.
  package var line: Int?
  /// From 1, in Unicode scalars in NDJSON, in cells in CSV.
  package var column: Int?
  /// From 1, in a JSON array.
  package var record: Int?
  /// The JSON pointer (RFC 6901) inside the record, or the name of the column in CSV; empty for the
  /// record itself.
  package var pointer: String

  package init(
    _ file: String, line: Int? = nil, column: Int? = nil, record: Int? = nil, pointer: String = ""
  ) {
    self.file = SnapshotPlace.printable(file)
    self.line = line
    self.column = column
    self.record = record
    self.pointer = pointer
  }

  package var description: String {
    var parts = [file]
    if let record { parts.append("record \(record)") }
    if let line { parts.append("line \(line)") }
    if let column { parts.append("column \(column)") }
    return parts.joined(separator: ", ") + (pointer.isEmpty ? "" : " (\(pointer))")
  }

  /// A name from inside an archive may hold anything; what is shown is printable ASCII and letters.
  static func printable(_ name: String) -> String {
    let shown = name.unicodeScalars.prefix(200).map { scalar -> Character in
      scalar.properties.isAlphabetic || (0x20..<0x7F).contains(scalar.value)
        ? Character(scalar) : "?"
    }
    return String(shown)
  }
}
