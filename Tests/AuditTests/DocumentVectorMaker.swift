import Foundation
import JSONText
import Keys
import Secrets

/// Makes `Tests/Vectors/documents` anew for `scripts/make-vectors`: signing is deterministic, so the same
/// rows give the same bytes.
final class DocumentVectorMaker {
  let registry: Identity
  let mts: Identity
  private var rows: [DocumentVector] = []

  init() throws {
    (registry, mts) = (try DocumentKeys.registry(), try DocumentKeys.mts())
    try? FileManager.default.removeItem(at: DocumentVector.place)
    try FileManager.default.createDirectory(
      at: DocumentVector.place, withIntermediateDirectories: true)
  }

  func make() throws {
    try general()
    try indexes()
    try receipts()
    try checkpoints()
    try certificates()
    try rotations()
    try revocations()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(rows.sorted { $0.folder < $1.folder }).write(to: DocumentVector.list)
  }

  /// A document that is about to be signed, and made wrong on purpose.
  struct Draft {
    var json: JSON
    var file: String
    var signer: Identity
    /// What stands in the file, if not the canonical JSON and a newline.
    var text: [UInt8]?
    var comment: String?
    var isSigned = true

    var kind: String { json["airlock"]?.text ?? "" }
    var bytes: [UInt8] { text ?? json.canonical() + [0x0A] }

    /// Puts a value at a path such as `archives/0/file`, or takes away what is there.
    mutating func set(_ path: String, _ value: JSON?) {
      json = json.setting(path.split(separator: "/").map(String.init)[...], value)
    }
  }

  /// One vector: its folder is the code and the name.
  func save(
    _ name: String, _ rule: String, _ draft: Draft, code: String = "document_format",
    _ edit: (inout Draft) throws -> Void = { _ in }
  ) throws {
    var (draft, kind) = (draft, draft.kind)
    try edit(&draft)
    if kind.isEmpty { kind = draft.kind }
    let folder = "\(code)-\(name)"
    let place = DocumentVector.place.appending(path: folder)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
    try Data(draft.bytes).write(to: place.appending(path: draft.file))
    if draft.isSigned {
      let signature = try MinisignSignature(
        of: Prehash(of: draft.bytes), by: draft.signer.signing,
        trustedComment: draft.comment ?? "airlock \(kind) sender=\(draft.signer.name)")
      try Data(signature.text.utf8).write(to: place.appending(path: draft.file + ".minisig"))
    }
    let vector = DocumentVector(
      folder: folder, file: draft.file, kind: kind, code: code, rule: rule, schema: "")
    rows.append(
      DocumentVector(
        folder: folder, file: draft.file, kind: kind, code: code, rule: rule,
        schema: try vector.schemaVerdict()))
  }

  /// Vectors that each change one value.
  func save(_ draft: Draft, _ changes: [(name: String, rule: String, path: String, to: JSON?)])
    throws
  {
    for change in changes {
      try save("\(draft.kind)-\(change.name)", change.rule, draft) {
        $0.set(change.path, change.to)
      }
    }
  }

  func misnamed(_ draft: Draft, _ names: [String]) throws {
    for (number, name) in names.enumerated() {
      let folder = "\(draft.kind)\(number == 0 ? "" : "-\(number + 1)")"
      try save(folder, "D8", draft, code: "document_misnamed") { $0.file = name }
    }
  }

  func draft(_ kind: String, _ file: String, by signer: Identity, _ members: JSON) -> Draft {
    var all: [JSON.Member] = [
      .init("airlock", .string(kind)), .init("version", 1),
      .init(
        "sender", ["name": .string(signer.name.text), "key_id": .string(signer.card.keyID.hex)]),
    ]
    if case .object(let own) = members { all += own }
    return Draft(json: .object(all), file: file, signer: signer)
  }

  static func hex(_ byte: String, _ count: Int = 32) -> JSON {
    .string(String(repeating: byte, count: count))
  }
  static let time: JSON = "2026-11-23T10:00:00Z"
}

extension JSON {
  /// The same with another value at a path; nil takes the member away.
  func setting(_ path: ArraySlice<String>, _ value: JSON?) -> JSON {
    guard let key = path.first else { return value ?? .null }
    let rest = path.dropFirst()
    switch self {
    case .object(var members):
      guard let place = members.firstIndex(where: { $0.key == key }) else {
        return .object(members + (value.map { [Member(key, $0)] } ?? []))
      }
      let old = members.remove(at: place)
      if rest.isEmpty, value == nil { return .object(members) }
      members.insert(Member(key, old.value.setting(rest, value)), at: place)
      return .object(members)
    case .array(var elements):
      guard let place = Int(key), elements.indices.contains(place) else { return self }
      let old = elements.remove(at: place)
      if rest.isEmpty, value == nil { return .array(elements) }
      elements.insert(old.setting(rest, value), at: place)
      return .array(elements)
    default: return self
    }
  }
}
