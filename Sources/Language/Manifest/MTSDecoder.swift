import JSONText

/// Reads the `mts` block.
struct MTSDecoder {
  let input: JobInput
  /// The manifest's own, from which what the mapping leaves out is taken; nil if they are wrong.
  let fields: [ManifestField]?
  let manifest: JSONCursor

  /// - Returns: what is sound; nil if that is not enough for a job.
  func read(_ cursor: JSONCursor?, _ faults: FaultCollector) -> MTSOptions? {
    guard let cursor else {
      return mapping(Mapping(sources: [:]), at: manifest, faults).map(usual)
    }
    guard var block = faults.attempt({ try cursor.object() }) else { return nil }
    _ = faults.attempt(block.optional("note")) { try Remark.check($0) }
    let given = faults.attempt(block.optional("mapping")) { try readMapping($0, faults) }
    let hasMapping = block.keys.contains("mapping")
    var options = MTSOptions(
      mapping: Mapping(sources: [:]),
      output: faults.attempt(block.optional("output")) { try output($0) } ?? .json,
      outputFormat: faults.attempt(block.optional("output_format")) { try outputFormat($0) },
      lang: faults.attempt(block.optional("lang")) { try language($0) } ?? "eng",
      batchSize: faults.attempt(block.optional("batch_size")) {
        Int(try $0.integer(in: 1...5000))
      } ?? 1000)
    options.values =
      faults.attempt(block.optional("values")) { try ValueTable($0) } ?? ValueTable()
    _ = faults.attempt(block.optional("delivery")) { try delivery($0) }
    faults.note(block.strangers().map { $0 })
    guard !hasMapping || given != nil else { return nil }
    guard let whole = mapping(given ?? Mapping(sources: [:]), at: cursor, faults) else {
      return nil
    }
    options.mapping = whole
    return options
  }

  private func usual(_ mapping: Mapping) -> MTSOptions {
    MTSOptions(mapping: mapping, output: .json, outputFormat: nil, lang: "eng", batchSize: 1000)
  }

  private func readMapping(
    _ cursor: JSONCursor, _ faults: FaultCollector
  ) throws(DocumentFault) -> Mapping {
    var block = try cursor.object()
    var mapping = Mapping(sources: [:])
    _ = faults.attempt(block.optional("note")) { try Remark.check($0) }
    mapping.vid = faults.attempt(block.optional("vid")) { try vid($0) }.flatMap(\.self)
    for key in MTSKey.allCases {
      guard let value = block.optional(key.rawValue) else { continue }
      // What is wrong still counts as mapped: its absence is not a fault of its own.
      mapping.sources[key] = faults.attempt(value) { try sources($0) } ?? []
    }
    faults.note(block.strangers().map { $0 })
    return mapping
  }

  /// One field, or a list of fields whose values are joined.
  private func sources(_ cursor: JSONCursor) throws(DocumentFault) -> [ManifestField] {
    guard case .array = cursor.node.value else { return [try FieldList.name(cursor)] }
    let items = try cursor.array()
    guard (1...16).contains(items.count) else {
      throw cursor.fault("out_of_range", "a mapping names from 1 to 16 fields")
    }
    return try items.map { item throws(DocumentFault) in try FieldList.name(item) }
  }

  /// A registry's VIDs are reg ids, and no mapping makes another value one.
  private func vid(_ cursor: JSONCursor) throws(DocumentFault) -> ManifestField? {
    let field = try FieldList.name(cursor)
    if input.isODK { return field }
    guard field.name == "vid" else {
      throw cursor.fault(
        "vid_is_not_mapped", "the VID is always the registrant's own id of the site's VID type",
        hint: "leave \"vid\" out of the mapping")
    }
    return nil
  }

  private func output(_ cursor: JSONCursor) throws(DocumentFault) -> MTSOptions.Output {
    guard let output = MTSOptions.Output(rawValue: try cursor.string()) else {
      throw cursor.fault("unknown_output", "the MTS gives its results as \"json\" or \"csv\"")
    }
    return output
  }

  private func outputFormat(_ cursor: JSONCursor) throws(DocumentFault) -> OutputFormat {
    let text = try cursor.string()
    guard (1...65_536).contains(text.utf8.count) else {
      throw cursor.fault("out_of_range", "an output format is a jq expression of 1 to 65,536 bytes")
    }
    return OutputFormat(expression: text, place: cursor)
  }

  private func delivery(_ cursor: JSONCursor) throws(DocumentFault) {
    guard try cursor.string() == "download" else {
      throw cursor.fault(
        "delivery_needs_network", "the MTS cannot deliver this way across an air gap",
        hint: "use \"download\": results come home as files, and airlock puts them on the records")
    }
  }

  private func language(_ cursor: JSONCursor) throws(DocumentFault) -> String {
    let code = try cursor.string()
    guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else {
      throw cursor.fault("bad_language", "a language is a code of three letters, such as \"eng\"")
    }
    return code
  }
}

extension MTSDecoder {
  /// Fills in what the mapping leaves out from the usual fields, as far as they are selected.
  /// - Returns: nil if a key that the MTS must have stays empty.
  private func mapping(
    _ given: Mapping, at cursor: JSONCursor, _ faults: FaultCollector
  ) -> Mapping? {
    guard let fields else { return given.sources.isEmpty && given.vid == nil ? nil : given }
    var mapping = given
    let selected = Dictionary(fields.map { ($0.name, $0) }) { first, _ in first }
    var isWhole = true
    for key in MTSKey.allCases where mapping.sources[key] == nil {
      let sources = usualFields(of: key).compactMap { selected[$0] }
      if !sources.isEmpty {
        mapping.sources[key] = sources
      } else if key == .name, !input.isODK, let name = selected["name"] {
        mapping.sources[key] = [name]
      } else if key.isRequired {
        faults.note(incomplete(key.rawValue, usualFields(of: key), cursor))
        isWhole = false
      }
    }
    if input.isODK, mapping.vid == nil {
      mapping.vid = selected["vid"]
      if mapping.vid == nil {
        faults.note(incomplete("vid", ["vid"], cursor))
        isWhole = false
      }
    }
    return isWhole ? mapping : nil
  }

  /// A form has no usual names but the MTS's own.
  private func usualFields(of key: MTSKey) -> [String] {
    input.isODK ? [key.rawValue] : key.usualFields
  }

  private func incomplete(_ key: String, _ usual: [String], _ cursor: JSONCursor) -> DocumentFault {
    cursor.fault(
      "mapping_incomplete",
      "no field makes the MTS key \"\(key)\", without which the MTS refuses every record",
      hint:
        "add \(usual.joined(separator: " or ")) to \"fields\", or map \"\(key)\" to another field")
  }
}
