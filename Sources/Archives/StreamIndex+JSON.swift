package import JSONText
package import Keys
internal import Files
internal import Secrets

extension StreamIndex: SignedContent {
  package static let kind = SignedDocument.Kind.index
  package static let mostBytes = Int(maxBytes)

  /// What stands in the document beside `airlock`, `version` and `sender`.
  package var members: [JSON.Member] {
    let head: JSON? = head.map {
      ["sequence": .int($0.sequence), "digest": .string($0.digest.hex)]
    }
    return [
      .init("stream", .string(stream.text)), .init("head", head ?? .null),
      .init("archives", .array(archives.map(\.json))),
      .init("retired", .array(retired.map { [.int($0.lowerBound), .int($0.upperBound)] })),
    ]
  }

  package func mayBeNamed(_ file: String) -> Bool { file == StreamIndex.fileName.text }

  /// Nothing may be missing from 1 to the head.
  package init(by sender: DocumentSender, _ members: inout JSONObjectCursor) throws {
    let stream = try members.required("stream").made(ArchiveLabel.init)
    let head = try members.required("head")
    let archives = try members.required("archives").array().map(Archive.init)
    let retired = try members.required("retired").array().map { cursor in
      let ends = try cursor.array()
      guard ends.count == 2 else { throw cursor.malformed }
      let first = try ends[0].integer(in: ArchiveDraft.sequences)
      let last = try ends[1].integer(in: ArchiveDraft.sequences)
      guard first <= last else { throw cursor.malformed }
      return first...last
    }
    try self.init(
      stream: stream, head: head.isNull ? nil : StreamPosition(head), archives: archives,
      retired: retired)
  }
}

extension StreamPosition {
  fileprivate init(_ cursor: JSONCursor) throws {
    var members = try cursor.object()
    self.init(
      sequence: try members.required("sequence").integer(in: ArchiveDraft.sequences),
      digest: try members.required("digest").made(Digest.init(hex:)))
    try members.finish()
  }
}

extension StreamIndex.Archive {
  fileprivate var json: JSON {
    [
      "sequence": .int(sequence), "file": .string(file), "kind": .string(kind.rawValue),
      "digest": .string(digest.hex), "previous": previous.map { .string($0.hex) } ?? .null,
      "bytes": .int(bytes), "records": .int(records), "job": .string(job.text),
      "created": .string(created.text),
    ]
  }

  fileprivate init(_ cursor: JSONCursor) throws {
    var members = try cursor.object()
    let previous = try members.required("previous")
    self.init(
      sequence: try members.required("sequence").integer(in: ArchiveDraft.sequences),
      file: try members.required("file").string(),
      kind: try members.required("kind").made(ArchiveKind.init(rawValue:)),
      digest: try members.required("digest").made(Digest.init(hex:)),
      previous: previous.isNull ? nil : try previous.made(Digest.init(hex:)),
      bytes: try members.required("bytes").integer(in: 0...Int64.max),
      records: try members.required("records").integer(in: ArchiveDraft.recordCounts),
      job: try members.required("job").made(ArchiveLabel.init),
      created: try members.required("created").made(UTCTime.init(text:)))
    try members.finish()
    guard !kind.isDrop, kind != .mtsResults else {
      throw cursor.fault("malformed", "a site's outbox holds no archives of this kind")
    }
    guard file == ArchiveDraft.fileName(job: job.text, sequence: sequence) else {
      throw cursor.fault("malformed", "the file has not the name of its job and sequence")
    }
  }
}

extension JSONCursor {
  fileprivate var isNull: Bool {
    if case .null = node.value { true } else { false }
  }

  fileprivate var malformed: DocumentFault {
    fault("malformed", "this has not the form that it must have")
  }

  fileprivate func made<Value>(_ make: (String) -> Value?) throws -> Value {
    guard let value = make(try string()) else { throw malformed }
    return value
  }
}
