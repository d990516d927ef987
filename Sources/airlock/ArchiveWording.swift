import JSONText
import Secrets
import Archives
import JSONText

/// Headers in plain words. Every text of a header is ASCII without control characters.
enum ArchiveWording {
  static func lines(_ header: ArchiveHeader, bytes: Int64) -> [String] {
    let draft = header.draft
    var lines = [
      ("kind", draft.kind.rawValue),
      ("from", "\(header.sender.name), key \(header.sender.keyID.hex)"),
    ]
    lines += header.recipients.map { ("to", "\($0.name), \($0.fingerprint)") }
    lines += [
      ("stream", "\(draft.stream), number \(draft.sequence)"),
      ("after", draft.previous?.hex ?? "nothing: the first of its stream"),
      ("created", draft.created.text), ("job", draft.job.text),
      (
        "records",
        "\(grouped(draft.records)) in \(grouped(draft.batches)) batch\(draft.batches == 1 ? "" : "es")"
      ),
      ("fields", draft.fields.joined(separator: ", ")),
    ]
    lines += [
      ("snapshot", draft.digests.snapshot), ("manifest", draft.digests.manifest),
      ("policy", draft.digests.policy),
    ].compactMap { name, digest in digest.map { (name, $0.hex) } }
    if let next = draft.nextKey {
      lines.append(
        ("next key", "\(next.keyID.hex), from \(next.from) on, \(next.fingerprint)"))
    }
    lines.append(("size", "\(grouped(bytes)) bytes"))
    return lines.map { name, value in
      name + String(repeating: " ", count: max(1, 10 - name.count)) + value
    }
  }

  private static func grouped(_ number: Int64) -> String { VerdictWording.grouped(number) }
}
