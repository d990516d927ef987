package import JSONText
internal import Keys
internal import Secrets

extension ArchiveHeader {
  package var json: JSON {
    [
      "airlock": "archive", "version": 2, "kind": .string(kind.rawValue),
      "sender": ["name": .string(sender.name.text), "key_id": .string(sender.keyID.hex)],
      "recipients": .array(recipients.map(\.json)),
      "stream": .string(draft.stream.text), "sequence": .int(draft.sequence),
      "previous": ArchiveHeader.json(draft.previous?.hex), "created": .string(draft.created.text),
      "job": .string(draft.job.text), "fields": .array(draft.fields.map(JSON.string)),
      "records": .int(draft.records), "batches": .int(draft.batches),
      "digests": [
        "snapshot": ArchiveHeader.json(draft.digests.snapshot?.hex),
        "manifest": ArchiveHeader.json(draft.digests.manifest?.hex),
        "policy": ArchiveHeader.json(draft.digests.policy?.hex),
      ],
      "commitment": .string(commitment.digest.hex),
      "next_key": draft.nextKey?.json ?? .null, "payload_bytes": .int(payloadBytes),
    ]
  }

  /// Magic line, canonical JSON, newline.
  /// - Throws: `draft` when that is too long.
  func preamble() throws(ArchiveFault) -> [UInt8] {
    let text = json.canonical()
    guard text.count <= ArchiveLayout.maxHeader else {
      throw ArchiveFault(
        .draft, "header_too_large",
        "the header has \(text.count) bytes, more than \(ArchiveLayout.maxHeader)",
        hint: "select fewer fields or recipients")
    }
    return ArchiveLayout.magic + text + [0x0A]
  }

  private static func json(_ digest: String?) -> JSON { digest.map(JSON.string) ?? .null }
}

extension NextKey {
  fileprivate var json: JSON {
    [
      "fingerprint": .string(fingerprint.digest.hex), "from": .string(from.text),
      "sealing": .string(Base64.encode(sealing.bytes)),
      "signing": .string(Base64.encode(signing.bytes)),
    ]
  }
}

extension ArchiveHeader.Recipient {
  fileprivate var json: JSON {
    [
      "name": .string(name.text), "fingerprint": .string(fingerprint.digest.hex),
      "key": .string(Base64.encode(sealedKey)),
    ]
  }
}
