package import Faults

/// Reads a document member by member, and says where each fault is.
///
///     var manifest = try JSONCursor(document).object()
///     let name = try manifest.required("name").string()
///     let limit = try manifest.optional("limit")?.integer(in: 1...1_000_000)
///     try manifest.finish()   // any other key is a fault, with the nearest name as the hint
package struct JSONCursor: Sendable {
  package let node: JSONNode
  /// The JSON pointer (RFC 6901) of this value: empty for the root.
  package let pointer: String
  package let document: JSONDocument

  package init(_ document: JSONDocument) {
    self.init(document.root, pointer: "", in: document)
  }

  /// The root of the JSON in a string: its pointer is the string's, and so is that of all in it.
  package init(inside string: JSONCursor, limits: JSONLimits = JSONLimits()) throws(DocumentFault) {
    let document = try JSONDocument(inside: string, limits: limits)
    self.init(document.root, pointer: string.pointer, in: document)
  }

  package init(_ node: JSONNode, pointer: String, in document: JSONDocument) {
    self.node = node
    self.pointer = pointer
    self.document = document
  }

  package var position: TextPosition { document.position(of: node.offset) }

  package func string() throws(DocumentFault) -> String {
    guard case .string(let text) = node.value else { throw wrongType("text, in quotes") }
    return text
  }

  package func bool() throws(DocumentFault) -> Bool {
    guard case .bool(let flag) = node.value else { throw wrongType("true or false") }
    return flag
  }

  package func integer(in range: ClosedRange<Int64>) throws(DocumentFault) -> Int64 {
    guard case .int(let number) = node.value else { throw wrongType("a whole number") }
    guard range.contains(number) else {
      throw fault(
        "out_of_range", "the number must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  package func array() throws(DocumentFault) -> [JSONCursor] {
    guard case .array(let elements) = node.value else { throw wrongType("a list, in [ ]") }
    return elements.enumerated().map { index, element in
      JSONCursor(element, pointer: pointer(to: String(index)), in: document)
    }
  }

  fileprivate func pointer(to step: String) -> String {
    document.isInside ? pointer : "\(pointer)/\(step)"
  }

  package func object() throws(DocumentFault) -> JSONObjectCursor {
    guard case .object(let members) = node.value else { throw wrongType("an object, in { }") }
    return JSONObjectCursor(cursor: self, members: members)
  }

  /// A fault at this value.
  package func fault(_ code: String, _ fact: String, hint: String? = nil) -> DocumentFault {
    DocumentFault(code: code, fact: fact, pointer: pointer, position: position, hint: hint)
  }

  private func wrongType(_ wanted: String) -> DocumentFault {
    fault("wrong_type", "this must be \(wanted), and is \(node.kindName)")
  }
}

/// The members of one object; each is taken once, and what is left over is a fault.
package struct JSONObjectCursor: Sendable {
  package let cursor: JSONCursor
  private let members: [JSONMember]
  private var known: [String] = []

  fileprivate init(cursor: JSONCursor, members: [JSONMember]) {
    self.cursor = cursor
    self.members = members
  }

  /// The keys that are there, in their order, whether taken or not.
  package var keys: [String] { members.map(\.key) }

  package mutating func optional(_ key: String) -> JSONCursor? {
    known.append(key)
    guard let member = members.first(where: { $0.key == key }) else { return nil }
    return child(member)
  }

  package mutating func required(_ key: String) throws(DocumentFault) -> JSONCursor {
    guard let child = optional(key) else {
      throw cursor.fault("missing_key", "the key \"\(key)\" is missing")
    }
    return child
  }

  /// Every member, for objects whose keys are names of their own; nothing is left over.
  package mutating func all() -> [(key: String, value: JSONCursor)] {
    known = keys
    return members.map { ($0.key, child($0)) }
  }

  /// - Throws: `unknown_key` at the first key that nobody asked for.
  package func finish() throws(DocumentFault) {
    if let fault = strangers().first { throw fault }
  }

  /// `unknown_key` for each key that nobody asked for, a hundred at most.
  package func strangers() -> [DocumentFault] {
    members.lazy.filter { !known.contains($0.key) }.prefix(FaultList.most).map(fault(of:))
  }

  private func fault(of stranger: JSONMember) -> DocumentFault {
    DocumentFault(
      code: "unknown_key", fact: "unknown key \(Spelling.shown(stranger.key))",
      pointer: Spelling.isName(stranger.key) ? child(stranger).pointer : cursor.pointer,
      position: cursor.document.position(of: stranger.keyOffset),
      hint: Spelling.nearest(to: stranger.key, among: known).map { "did you mean \"\($0)\"?" }
        ?? "the keys here are \(known.sorted().joined(separator: ", "))")
  }

  private func child(_ member: JSONMember) -> JSONCursor {
    JSONCursor(member.node, pointer: cursor.pointer(to: step(member.key)), in: cursor.document)
  }

  /// Few keys need an escape, and every member is asked for its pointer.
  private func step(_ key: String) -> String {
    guard key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
      return key
    }
    return key.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
      .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
  }
}

/// A document of ours that is JSON but not what it should be.
package struct DocumentFault: Fault {
  package let code: String
  package let fact: String
  package let pointer: String
  package let position: TextPosition
  package let hint: String?

  package init(
    code: String, fact: String, pointer: String, position: TextPosition, hint: String? = nil
  ) {
    self.code = code
    self.fact = fact
    self.pointer = pointer
    self.position = position
    self.hint = hint
  }

  package var message: String {
    "\(position)\(pointer.isEmpty ? "" : " (\(pointer))"): \(fact)"
  }
  package var place: FaultPlace? { position.place(pointer: pointer) }
  package var blame: Blame { .input }
}

extension JSONNode {
  /// The type's name in words, never the value.
  package var kindName: String {
    switch value {
    case .null: "null"
    case .bool: "true or false"
    case .int: "a whole number"
    case .double: "a number with a fraction"
    case .string: "text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
