import JSONText

/// Reads the `mts` block.
enum MTSDecoder {
  /// - Parameter fields: the manifest's own, from which what the mapping leaves out is taken.
  static func read(
    _ cursor: JSONCursor?, fields: [ManifestField], manifest: JSONCursor
  ) throws(DocumentFault) -> MTSOptions {
    guard let cursor else {
      let mapping = try complete(Mapping(sources: [:]), with: fields, at: manifest)
      return MTSOptions(
        mapping: mapping, output: .json, outputFormat: nil, lang: "eng", batchSize: 1000)
    }
    var block = try cursor.object()
    let mapping = try readMapping(block.optional("mapping"))
    let options = MTSOptions(
      mapping: try complete(mapping, with: fields, at: cursor),
      output: try readOutput(block.optional("output")),
      outputFormat: nil,
      lang: try readLanguage(block.optional("lang")),
      batchSize: try block.optional("batch_size").map { size throws(DocumentFault) in
        Int(try size.integer(in: 1...5000))
      } ?? 1000)
    try block.finish()
    return options
  }

  private static func readMapping(_ cursor: JSONCursor?) throws(DocumentFault) -> Mapping {
    guard let cursor else { return Mapping(sources: [:]) }
    var block = try cursor.object()
    var mapping = Mapping(sources: [:])
    if let vid = block.optional("vid") { try requirePlainVID(vid) }
    for key in MTSKey.allCases {
      guard let value = block.optional(key.rawValue) else { continue }
      mapping.sources[key] = try readSources(value)
    }
    try block.finish()
    return mapping
  }

  /// One field, or a list of fields whose values are joined.
  private static func readSources(_ cursor: JSONCursor) throws(DocumentFault) -> [ManifestField] {
    guard case .array = cursor.node.value else {
      return [ManifestField(name: try cursor.string(), place: cursor)]
    }
    let items = try cursor.array()
    guard (1...16).contains(items.count) else {
      throw cursor.fault("out_of_range", "a mapping names from 1 to 16 fields")
    }
    return try items.map { item throws(DocumentFault) in
      ManifestField(name: try item.string(), place: item)
    }
  }

  private static func requirePlainVID(_ cursor: JSONCursor) throws(DocumentFault) {
    guard try cursor.string() == "vid" else {
      throw cursor.fault(
        "vid_is_not_mapped", "the VID is always the registrant's own id of the site's VID type",
        hint: "leave \"vid\" out of the mapping")
    }
  }

  private static func readOutput(_ cursor: JSONCursor?) throws(DocumentFault) -> MTSOptions.Output {
    guard let cursor else { return .json }
    guard let output = MTSOptions.Output(rawValue: try cursor.string()) else {
      throw cursor.fault("unknown_output", "the MTS gives its results as \"json\" or \"csv\"")
    }
    return output
  }

  private static func readLanguage(_ cursor: JSONCursor?) throws(DocumentFault) -> String {
    guard let cursor else { return "eng" }
    let code = try cursor.string()
    guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else {
      throw cursor.fault("bad_language", "a language is a code of three letters, such as \"eng\"")
    }
    return code
  }

  /// Fills in what the mapping leaves out from the usual fields, as far as they are selected.
  private static func complete(
    _ mapping: Mapping, with fields: [ManifestField], at cursor: JSONCursor
  ) throws(DocumentFault) -> Mapping {
    var mapping = mapping
    let selected = Dictionary(fields.map { ($0.name, $0) }) { first, _ in first }
    for key in MTSKey.allCases where mapping.sources[key] == nil {
      var sources = key.usualFields.compactMap { selected[$0] }
      if sources.isEmpty, key == .name { sources = selected["name"].map { [$0] } ?? [] }
      if sources.isEmpty, key.isRequired {
        throw cursor.fault(
          "mapping_incomplete",
          "no field makes the MTS key \"\(key.rawValue)\", without which the MTS refuses every record",
          hint:
            "add \(key.usualFields.joined(separator: " or ")) to \"fields\", or map \"\(key.rawValue)\" to another field"
        )
      }
      if !sources.isEmpty { mapping.sources[key] = sources }
    }
    return mapping
  }
}
