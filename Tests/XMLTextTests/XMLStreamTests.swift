import Faults
import Testing
import XMLText

/// XML is read as a stream, and nothing that it names is fetched or expanded.
struct XMLStreamTests {
  @Test("Elements, texts and attributes come one after the other")
  func events() throws {
    let (events, text) = try read(#"<a x="1"><b/>t&amp;<![CDATA[<c>]]> </a>"#)
    #expect(
      events == [.start(isEmpty: false), .start(isEmpty: true), .text, .text, .text, .end]
        || events == [.start(isEmpty: false), .start(isEmpty: true), .text, .text, .end])
    #expect(text == "t&<c> ")
  }

  static let refused: [(String, XMLFault.Kind)] = [
    ("<a>", .malformed), ("<a></b>", .malformed), ("<a>&x;</a>", .malformed), ("", .malformed),
    ("<!DOCTYPE a><a/>", .documentType),
    (#"<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>"#, .documentType),
    (#"<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>"#, .documentType),
    (String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100), .tooDeep),
  ]

  @Test("What is malformed, too deep, or brings a document type is refused", arguments: refused)
  func faults(_ text: String, _ kind: XMLFault.Kind) {
    #expect { try read(text) } throws: { ($0 as? XMLFault)?.kind == kind }
  }

  @Test("What the source throws comes out unchanged")
  func thrown() throws {
    struct Broken: Error {}
    let stream = try XMLStream { _ in throw Broken() }
    #expect(throws: Broken.self) { while try stream.next() != nil {} }
  }

  @Test("An attribute is found by its written name, an element by its own")
  func names() throws {
    let stream = try XMLStream(Self.source(#"<n:a xmlns:n="u" n:id="7"/>"#))
    _ = try stream.next()
    #expect(stream.isNamed("a"))
    #expect(stream.attribute("n:id") == "7")
    #expect(stream.attribute("id") == nil)
  }

  @discardableResult
  private func read(_ text: String) throws -> ([XMLStream.Event], String) {
    let stream = try XMLStream(Self.source(text))
    var (events, bytes): ([XMLStream.Event], [UInt8]) = ([], [])
    while let event = try stream.next() {
      events.append(event)
      if event == .text { stream.appendText(to: &bytes) }
    }
    return (events, String(decoding: bytes, as: UTF8.self))
  }

  /// Gives a text in small pieces.
  private static func source(_ text: String) -> XMLStream.Source {
    var rest = Array(text.utf8)[...]
    return { buffer in
      let piece = rest.prefix(min(buffer.count, 7))
      buffer.copyBytes(from: piece)
      rest = rest.dropFirst(piece.count)
      return piece.count
    }
  }
}
