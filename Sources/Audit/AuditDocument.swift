package import JSONText
internal import Secrets

extension AuditReport {
  /// The report for programs: `docs/schemas/audit.json`.
  package var json: JSON {
    [
      "airlock": "audit", "version": 1, "at": .string(time.text),
      "verdict": .string(verdict.rawValue), "exit_status": .count(exitStatus),
      "stream": stream.map(JSON.string) ?? .null, "site": site.map(\.json) ?? .null,
      "ledger": ledger.json, "totals": totals,
      "findings": .array(classes.map(\.json)), "details": .array(findings.map(\.json)),
      "archives": .array(archives.map(\.json)),
      "policy_runs": .array(policyRuns.map(\.json)),
    ]
  }

  private var totals: JSON {
    [
      "archives": .count(archives.count), "verified": .count(verified),
      "records": .int(archives.reduce(0) { $0 + $1.records }),
      "recipients": .count(Set(archives.flatMap(\.recipients)).count),
      "policy_runs": .count(policyRuns.count), "deleted": .int(deleted),
    ]
  }
}

extension AuditReport.Site {
  fileprivate var json: JSON {
    [
      "name": .string(name), "key_id": .string(keyID), "fingerprint": .string(fingerprint),
    ]
  }
}

extension AuditReport.LedgerState {
  fileprivate var json: JSON {
    [
      "entries": .int(entries), "head": head.map { .string($0.hex) } ?? .null,
      "signed": signed.map { .string($0.text) } ?? .null,
      "earlier": earlier.map { .int($0) } ?? .null,
      "history": earlier == nil ? "not_compared" : "compared",
    ]
  }
}

extension AuditReport.ClassSummary {
  fileprivate var json: JSON {
    [
      "class": .string(kind.rawValue), "exit_status": .count(kind.exitStatus),
      "findings": .count(findings), "archives": .count(archives), "records": .int(records),
      "next": .string(kind.advice),
    ]
  }
}

extension Finding {
  fileprivate var json: JSON {
    let touched = archives.map { key -> JSON in
      ["stream": .string(key.stream), "sequence": .int(key.sequence)]
    }
    return [
      "class": .string(kind.rawValue), "code": .string(code), "subject": .string(subject),
      "message": .string(message), "archives": .array(touched),
    ]
  }
}

extension AuditedArchive {
  fileprivate var json: JSON {
    [
      "stream": .string(stream), "sequence": .int(sequence), "file": .string(file),
      "kind": .string(kind), "state": .string(state.rawValue),
      "acknowledged": acknowledged.map(JSON.string) ?? .null, "created": .string(created.text),
      "recipients": .array(recipients.map(JSON.string)), "records": .int(records),
      "fields": .array(fields.map(JSON.string)), "job": .string(job),
      "job_version": run.map { .int($0.version) } ?? .null,
      "matched": run.map { .int($0.matched) } ?? .null,
      "conditions": .array((run?.conditions ?? []).map(JSON.string)),
      "snapshot": .digest(snapshot), "manifest": .digest(manifest), "policy": .digest(policy),
      "digest": .string(digest.hex), "bytes": .int(bytes), "key_id": .string(keyID),
      "entry": .int(entry),
    ]
  }
}

extension JSON {
  fileprivate static func digest(_ digest: SaltedDigest?) -> JSON {
    digest.map { .string($0.hex) } ?? .null
  }
}
