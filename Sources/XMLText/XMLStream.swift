/// XML as a stream, over libxml2: one element, text or end after the other, never the whole document.
///
/// Nothing is fetched and nothing expanded: a document type is refused where it stands, and so is
/// every entity but the five that XML itself has. What libxml2 complains of is an error here.

internal import CXML2

/// Reads one document from its first byte to its last.
@safe package final class XMLStream {
  /// Gives the next bytes, 0 at the end; what it throws comes out of `next`.
  package typealias Source = (UnsafeMutableRawBufferPointer) throws -> Int

  package enum Event: Sendable, Equatable {
    /// An element begins; `isEmpty` if it ends here too, without an event of its own.
    case start(isEmpty: Bool)
    case end
    case text
  }

  static let mostLevels = 64

  private let feed: XMLFeed
  private let reader: xmlTextReaderPtr

  package init(_ source: @escaping Source) throws(XMLFault) {
    unsafe feed = XMLFeed(source)
    let context = unsafe Unmanaged.passUnretained(feed).toOpaque()
    let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_COMPACT.rawValue)
    guard
      let made = unsafe xmlReaderForIO(pullXML, nil, context, nil, nil, options)
    else { throw XMLFault(kind: .outOfMemory, line: 0) }
    unsafe reader = made
    // Complaints are not printed: a status says that there is one.
    unsafe xmlTextReaderSetStructuredErrorHandler(reader, { _, _ in }, nil)
  }

  deinit { unsafe xmlFreeTextReader(reader) }

  /// Goes to the next element, text or end; nil after the last.
  /// - Throws: `XMLFault`, and what the source throws.
  package func next() throws -> Event? {
    while true {
      let status = unsafe xmlTextReaderRead(reader)
      if let thrown = feed.thrown { throw thrown }
      guard status != 0 else { return nil }
      guard status == 1 else { throw fault(.malformed) }
      guard unsafe xmlTextReaderDepth(reader) <= Self.mostLevels else { throw fault(.tooDeep) }
      switch unsafe xmlReaderTypes(UInt32(xmlTextReaderNodeType(reader))) {
      case XML_READER_TYPE_ELEMENT:
        return unsafe .start(isEmpty: xmlTextReaderIsEmptyElement(reader) == 1)
      case XML_READER_TYPE_END_ELEMENT: return .end
      case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA, XML_READER_TYPE_SIGNIFICANT_WHITESPACE,
        XML_READER_TYPE_WHITESPACE:
        return .text
      case XML_READER_TYPE_DOCUMENT_TYPE, XML_READER_TYPE_ENTITY_REFERENCE,
        XML_READER_TYPE_ENTITY, XML_READER_TYPE_NOTATION:
        throw fault(.documentType)
      default: continue
      }
    }
  }

  /// Whether the element in hand has this name, whatever its namespace.
  package func isNamed(_ name: StaticString) -> Bool {
    guard let found = unsafe xmlTextReaderConstLocalName(reader) else { return false }
    let wanted = unsafe name.utf8Start
    return unsafe xmlStrEqual(found, wanted) == 1
  }

  /// An attribute of the element in hand, by the name that it is written with.
  package func attribute(_ name: StaticString) -> String? {
    guard let found = unsafe xmlTextReaderGetAttribute(reader, name.utf8Start) else { return nil }
    defer { unsafe cxml_free(found) }
    return unsafe String(cString: found)
  }

  /// Adds the text in hand to some bytes.
  package func appendText(to bytes: inout [UInt8]) {
    guard let found = unsafe xmlTextReaderConstValue(reader) else { return }
    let count = unsafe Int(xmlStrlen(found))
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: found, count: count))
  }

  private func fault(_ kind: XMLFault.Kind) -> XMLFault {
    XMLFault(kind: kind, line: unsafe Int(xmlTextReaderGetParserLineNumber(reader)))
  }
}

/// What libxml2 pulls bytes from, and what that threw.
@safe private final class XMLFeed {
  private let source: XMLStream.Source
  private(set) var thrown: (any Error)?

  init(_ source: @escaping XMLStream.Source) { unsafe self.source = source }

  /// -1 for an error, as the callback wants it.
  func pull(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    do {
      return unsafe try source(buffer)
    } catch {
      thrown = thrown ?? error
      return -1
    }
  }
}

/// The C callback: fills libxml2's buffer from the `XMLFeed` that is its context.
private func pullXML(
  _ context: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ count: Int32
) -> Int32 {
  guard let context = unsafe context, let buffer = unsafe buffer, count > 0 else { return -1 }
  let feed = unsafe Unmanaged<XMLFeed>.fromOpaque(context).takeUnretainedValue()
  let room = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
  return unsafe Int32(truncatingIfNeeded: feed.pull(room))
}
