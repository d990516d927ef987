package import JSONText
package import Secrets

/// What one kind of signed document says. There is one way to read each kind, for whoever reads it:
/// every member known and there, in its form and by the rules of its kind, and written again it gives
/// the same bytes. `docs/archive-format.md`, section 13, is the contract.
package protocol SignedContent: Sendable {
  static var kind: SignedDocument.Kind { get }

  /// Bytes of the largest document.
  static var mostBytes: Int { get }

  /// What stands in the document beside `airlock`, `version` and `sender`.
  var members: [JSON.Member] { get }

  /// Takes all members of the kind.
  /// - Parameter sender: whose document it is.
  /// - Throws: whatever says what is wrong with it.
  init(by sender: DocumentSender, _ members: inout JSONObjectCursor) throws

  /// Whether the document's file may have this name.
  func mayBeNamed(_ file: String) -> Bool
}

/// Whose document it is, as it says itself.
package struct DocumentSender: Sendable, Hashable {
  package let name: KeyName
  package let keyID: SigningKeyID
}

extension SignedContent {
  /// Reads a document whose signature was checked.
  /// - Throws: `document_format`.
  package init(_ document: SignedDocument) throws(KeysFault) {
    try self.init(document.kind, document.text)
  }

  /// Reads one whose signature nobody checked: no word of it is to be believed.
  /// - Throws: `document_format`.
  package init(unchecked document: UnverifiedDocument) throws(KeysFault) {
    try self.init(document.kind, document.text)
  }

  /// - Throws: `document_misnamed`.
  package func require(name file: String) throws(KeysFault) {
    guard !mayBeNamed(file) else { return }
    throw KeysFault(
      .misnamed, "the \(Self.kind.rawValue) has another name than the one that it says",
      hint: "give it back the name under which it was made")
  }

  private init(_ kind: SignedDocument.Kind, _ text: [UInt8]) throws(KeysFault) {
    let sender: DocumentSender
    guard kind == Self.kind else {
      throw KeysFault(
        .documentFormat, "this is a signed \(kind.rawValue), and no \(Self.kind.rawValue)")
    }
    guard text.count <= Self.mostBytes else {
      throw KeysFault(
        .documentFormat, "the \(kind.rawValue) has more than \(Self.mostBytes) bytes")
    }
    do {
      let limits = JSONLimits(bytes: text.count, depth: SignedDocument.depth)
      let document = try JSONDocument(parsing: Array(text.dropLast()), limits: limits)
      var members = try JSONCursor(document).object()
      // Those that every kind has were looked at with the signature.
      for key in ["airlock", "version"] { _ = try members.required(key) }
      sender = try DocumentSender(members.required("sender"))
      self = try Self(by: sender, &members)
      try members.finish()
    } catch let fault as KeysFault where fault.kind == .documentFormat {
      throw fault
    } catch {
      throw KeysFault(.documentFormat, "the \(kind.rawValue): \(error)")
    }
    guard SignedDocument.json(kind, by: sender, members).canonical() + [0x0A] == text else {
      throw KeysFault(.documentFormat, "the \(kind.rawValue) is not written as it must be")
    }
  }
}

extension DocumentSender {
  /// Exactly a name and a key's id.
  init(_ cursor: JSONCursor) throws {
    var members = try cursor.object()
    name = try KeyName(members.required("name").string())
    let id = try members.required("key_id")
    guard let keyID = SigningKeyID(hex: try id.string()) else {
      throw id.fault("wrong_key_id", "this must be the id of a key")
    }
    self.keyID = keyID
    try members.finish()
  }
}
