import JSONText
import Language
import Secrets
import Store

extension JobRecord {
  /// The job that a manifest makes, taken in now: in force from here on, whatever an earlier version
  /// of it was.
  /// - Parameters:
  ///   - earlier: the job of that name, if there is one; its counts go on.
  ///   - now: seconds since 1970.
  init(_ manifest: Manifest, digest: Digest, after earlier: JobRecord?, at now: Int64) {
    let isSame = earlier?.manifestDigest == digest.hex
    self.init(
      name: manifest.name, version: (earlier?.version ?? 0) + (isSame ? 0 : 1), kind: .onetime,
      state: .running, manifestDigest: digest.hex, stream: manifest.recipient)
    (runs, failed, skipped) = (earlier?.runs ?? 0, earlier?.failed ?? 0, earlier?.skipped ?? 0)
    lastRun = earlier?.lastRun
    switch manifest.schedule {
    case .onetime: plan(once: manifest, now)
    case .recurring(let recurrence): plan(recurrence, of: manifest, now)
    }
  }

  private mutating func plan(once manifest: Manifest, _ now: Int64) {
    guard let start = manifest.notBefore?.seconds, start > now else { return lastRun = now }
    (starts, nextRun, state) = (start, start, .draft)
  }

  private mutating func plan(_ recurrence: Recurrence, of manifest: Manifest, _ now: Int64) {
    let start = max(recurrence.start?.seconds ?? now, manifest.notBefore?.seconds ?? 0)
    (kind, intervalMinutes, starts) = (.recurring, recurrence.minutes, start)
    ends = [recurrence.end?.seconds, manifest.expires?.seconds].compactMap(\.self).min()
    nextRun = slot(atOrAfter: now)
    state = nextRun == nil ? .completed : start > now ? .draft : .started
  }
}
