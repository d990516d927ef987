package import Faults
package import Files
import JSONText
import Keys
import Policies
import Secrets
package import Store

/// How a site stands. Does not take the watcher's lock.
package struct SiteStatus: Sendable {
  /// A file that lies in the inbox.
  package struct Waiting: Sendable {
    package let name: EntryName
    /// Seconds since the file last changed.
    package let age: Int64
  }

  /// Files in `inbox/rejected/`, for the operator to deal with.
  package struct Held: Sendable {
    package var rejected = 0
    package var quarantined = 0
  }

  /// When this was, in seconds since 1970.
  package let time: Int64
  /// Drops that lie in the inbox and are not upload names.
  package let waiting: Int
  /// The one that has lain there the longest.
  package let oldest: Waiting?
  /// Claimed drops without a delivered verdict.
  package let unfinished: Int
  package let held: Held
  package let outcomes: [String: Int]
  package let jobs: [JobRecord]
  /// Archives that were shown, and how far they are acknowledged.
  package let streams: [StreamState]
  /// How far the newest archives are answered.
  package let answers: [ArchiveAnswers]
  /// Registrants whose tokens contradict each other.
  package let frozen: Int
  /// What the registry was asked to change, and how far it did; the oldest first.
  package let patches: [PatchState]
  /// The VID-deletion policies, by name.
  package let policies: [PolicyStatus]
  /// Why none of them deletes anything, if their folder cannot be read.
  package let policiesFault: (any Fault)?
  /// The snapshot in force; nil if there is none, or it cannot be read.
  package let snapshot: LoadedSnapshot?
  /// The ODK submissions in force; nil as above.
  package let submissions: LoadedSnapshot?
  /// What the site shows for the digests of both, salted, in hex.
  package let shownSnapshot: String?
  package let shownSubmissions: String?
  /// Why nothing can leave, if nothing can.
  package let policyFault: (any Fault)?
  /// Recipients that the policy names and no card is there for.
  package let missingCards: [String]
  /// Keys that are unfit, or end soon.
  package let keys: [KeyNotice]
  /// Why no key is believed, if none is.
  package let keysFault: (any Fault)?
  /// Without its marker the inbox is taken for an unmounted disk; it may be another site's.
  package let inboxState: Site.InboxState
  /// Whether the inbox is there, and this site's.
  package var hasInbox: Bool { inboxState == .inPlace }
  /// Whether a VID-deletion policy that is on deletes nothing, since it is faulty.
  package var hasFaultyPolicy: Bool {
    policiesFault != nil
      || policies.contains { $0.state == .faulty && $0.isEnabled != false }
  }
  /// Free bytes where the store is.
  package let freeBytes: UInt64

  private static let mostArchives = 20

  package init(of site: Site, clock: WallClock = .system) throws {
    time = clock.now.seconds
    (waiting, oldest) = try SiteStatus.lookInto(site.inbox, at: time)
    held = try SiteStatus.count(heldIn: site.rejected)
    let journal = try Journal(reading: site.store)
    unfinished = try journal.unfinished().count
    outcomes = try journal.outcomes()
    jobs = try journal.jobs()
    let policy = PolicyInForce.read(site)
    let days = ((try? policy.policy())?.policy.retention ?? Retention()).overdueDays
    streams = try journal.streams(overdueBefore: time - Int64(days) * 86_400)
    let tokens = try TokenStore.exists(in: site.store) ? TokenStore(reading: site.store) : nil
    answers = try journal.archiveAnswers(atMost: SiteStatus.mostArchives, tokens)
    frozen = try tokens?.frozen().count ?? 0
    patches = try tokens?.patches() ?? []
    (policies, policiesFault) = try SiteStatus.policies(of: site, policy, tokens, journal)
    snapshot = try? SnapshotStore.open(site.store).summary
    submissions = try? SnapshotStore.open(site.store, .odk).summary
    let salts = try? SiteSalts(existingIn: site.store)
    shownSnapshot = snapshot.flatMap { salts?.snapshot($0.digest).hex }
    shownSubmissions = submissions.flatMap { salts?.snapshot($0.digest).hex }
    inboxState = try site.inboxState()
    freeBytes = try site.store.freeBytes()
    (keys, keysFault) = KeyNotice.all(of: site, at: clock.now)
    switch policy {
    case .broken(let fault): (policyFault, missingCards) = (fault, [])
    case .sound(let policy, _):
      let known = Set(try KeyFolder(site.keys).cards().cards.map(\.name.text))
      let wanted = policy.everyRecipient
      (policyFault, missingCards) = (nil, wanted.subtracting(known).sorted())
    }
  }

  private static func policies(
    of site: Site, _ policy: PolicyInForce, _ tokens: TokenStore?, _ journal: Journal
  ) throws -> ([PolicyStatus], (any Fault)?) {
    do {
      return (try PolicyStatus.all(of: site, policy, tokens, journal), nil)
    } catch let fault as any Fault {
      if fault is StoreFault { throw fault }
      return ([], fault)
    }
  }

  private static func lookInto(_ inbox: Folder, at now: Int64) throws -> (Int, Waiting?) {
    var count = 0
    var oldest: (name: EntryName, changed: FileTime)?
    try inbox.scan { name in
      guard !name.isUpload, name != "accepted", name != "rejected",
        !Sidecar.endings.contains(where: name.hasSuffix),
        let changed = try inbox.status(of: name)?.stamp.changed
      else { return true }
      count += 1
      if oldest.map({ changed < $0.changed }) ?? true { oldest = (name, changed) }
      return true
    }
    let waiting = oldest.map {
      Waiting(name: $0.name, age: max(0, now - Int64($0.changed.seconds)))
    }
    return (count, waiting)
  }

  /// The verdicts of the first thousand are read; the rest count as rejected.
  private static func count(heldIn folder: Folder) throws -> Held {
    var held = Held()
    try folder.scan { name in
      guard !name.isUpload, !name.hasSuffix(".verdict.json"),
        !Sidecar.endings.contains(where: name.hasSuffix)
      else { return true }
      let isKnown = held.rejected + held.quarantined < 1_000
      if isKnown, isQuarantined(name, in: folder) {
        held.quarantined += 1
      } else {
        held.rejected += 1
      }
      return true
    }
    return held
  }

  private static func isQuarantined(_ name: EntryName, in folder: Folder) -> Bool {
    guard let verdict = try? name.appending(".verdict.json"),
      let text = try? OpenFile(verdict, in: folder, rules: .named(limit: 1 << 20)).readAll(),
      let outcome = try? JSONDocument(parsing: text).root.json["outcome"]
    else { return false }
    return outcome.text == Verdict.Outcome.quarantined.rawValue
  }
}
