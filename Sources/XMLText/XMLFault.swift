package import Faults

/// Why a text is no XML that is read here.
package struct XMLFault: Fault, Equatable {
  package enum Kind: String, Sendable {
    case malformed = "not_xml"
    /// A document type, with the entities that it may define, or a reference to one.
    case documentType = "xml_document_type"
    case tooDeep = "xml_too_deep"
    case outOfMemory = "out_of_memory"
  }

  package let kind: Kind
  /// From 1; 0 where it is not known.
  package let line: Int

  package var code: String { kind.rawValue }
  package var message: String { line > 0 ? "line \(line): \(fact)" : fact }
  package var hint: String? { nil }
  package var blame: Blame { kind == .outOfMemory ? .environment : .input }

  private var fact: String {
    switch kind {
    case .malformed: "this is not XML"
    case .documentType: "XML with a document type or entities of its own is not read"
    case .tooDeep: "nested deeper than \(XMLStream.mostLevels) levels"
    case .outOfMemory: "out of memory"
    }
  }
}
