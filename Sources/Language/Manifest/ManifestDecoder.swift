package import Faults
package import JSONText

/// Reads a manifest (`"airlock": "job"`, version 1), and says where each fault is: all of them, not
/// the first. A key that is not known is a fault.
package enum ManifestDecoder {
  /// The limits of a manifest's JSON, also of that inside its strings.
  package static let limits = JSONLimits(bytes: 8 << 20, depth: 256)
  /// What `"$schema"` may say, so that editors find the schema.
  package static let schema = "urn:airlock:schema:job:1"

  /// Everything that can be read of it, and every fault of the rest.
  package static func read(_ document: JSONDocument) -> ManifestReading {
    do {
      var object = try JSONCursor(document).object()
      try DocumentKind.require("job", of: &object)
      var reader = ManifestReader(object)
      return reader.read()
    } catch {
      return ManifestReading(order: nil, faults: [error], parts: ManifestParts())
    }
  }

  /// A manifest, or the word that a job ends.
  /// - Throws: all that is wrong with it.
  package static func order(_ document: JSONDocument) throws(FaultList) -> JobOrder {
    let reading = read(document)
    if let faults = FaultList(of: reading.faults) { throw faults }
    guard let order = reading.order else {
      throw FaultList(JSONCursor(document).fault("not_a_manifest", "this cannot be read as a job"))
    }
    return order
  }

  /// The same where only a job that runs makes sense.
  package static func decode(_ document: JSONDocument) throws(FaultList) -> Manifest {
    guard case .run(let manifest) = try order(document) else {
      throw FaultList(
        JSONCursor(document).fault("stops_a_job", "this manifest ends a job and runs none"))
    }
    return manifest
  }

  /// The fault of a filter that picks everyone without the operator's word.
  package static func needsConsent(_ filter: JSONCursor) -> DocumentFault {
    filter.fault(
      "everyone_needs_consent", "this filter picks every registrant",
      hint: "if that is meant, add \"everyone\": true to the manifest")
  }
}

/// What a reading of a manifest came to.
package struct ManifestReading: Sendable {
  /// Nil if there is any fault.
  package let order: JobOrder?
  /// Not in any order; a `FaultList` puts them into the text's.
  package let faults: [any Fault]
  package let parts: ManifestParts
}

/// What is sound in a manifest that may not be sound as a whole: enough to hold it against the
/// policy and the snapshot, so that their faults are told together with its own.
package struct ManifestParts: Sendable {
  package internal(set) var recipient: String?
  package internal(set) var input = JobInput.registry
  /// The sound conditions alone, where the filter has faults.
  package internal(set) var filter: Domain?
  package internal(set) var activeTest = true
  /// Selected and mapped, each once.
  package internal(set) var fields: [ManifestField] = []
  package internal(set) var order: [OrderTerm] = []
  package internal(set) var outputFormat: OutputFormat?
}

/// The head of every document of ours: `"airlock": KIND, "version": 1`.
package enum DocumentKind {
  /// - Throws: `wrong_kind`, `unknown_version`.
  package static func require(
    _ kind: String, of document: inout JSONObjectCursor
  ) throws(DocumentFault) {
    let found = try document.required("airlock")
    guard try found.string() == kind else {
      throw found.fault("wrong_kind", "this document is not of the kind \"\(kind)\"")
    }
    let version = try document.required("version")
    guard try version.integer(in: 0...Int64.max) == 1 else {
      throw version.fault(
        "unknown_version", "this program reads version 1 of \"\(kind)\" documents",
        hint: "a newer version may be needed here")
    }
  }
}
