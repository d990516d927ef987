internal import Files
package import Keys

/// What becomes of an archive that is out of order.
package enum OrderRule: String, Sendable, CaseIterable {
  /// It is not opened.
  case refuse
  /// It is opened, and the finding is told.
  case warn
  /// It is opened, and its stream begins anew with it.
  case restart
}

/// An archive on its way from its sender into a folder, in its stream's order. Trust grows in this
/// sequence: verified, in order, decrypted to the end, published, remembered. Whatever stops it,
/// what is remembered was published.
package struct Reception {
  package let archive: VerifiedArchive
  /// The archive's own finding first.
  package let findings: [OrderFinding]

  private let received: ReceivedFile
  private let next: ReceivedStreams

  /// - Parameter index: the sender's, if a sound one lies beside the archive.
  package init(_ archive: VerifiedArchive, _ received: ReceivedFile, index: SenderIndex?) {
    let judged = received.streams.judge(archive)
    let contradiction =
      archive.header.kind.isOrdered
      ? index?.contradiction(
        archive.arrival.position, received.streams.ratchet(of: archive))
      : nil
    findings = [judged.finding, contradiction.map(OrderFinding.rolledBack)].compactMap(\.self)
    (self.archive, self.received, next) = (archive, received, judged.next)
  }

  /// - Throws: `replay` for the first finding, unless the rule lets it pass.
  package func require(_ rule: OrderRule) throws(ArchiveFault) {
    guard rule == .refuse, let finding = findings.first else { return }
    throw finding.fault(of: archive)
  }

  /// Opens the archive and then remembers it.
  /// - Throws: as `require` and `VerifiedArchive.open`; a `FileFault` that says so when the folder is
  ///   there and only the remembering failed.
  package func open(
    _ identity: Identity, into path: String, _ rule: OrderRule
  ) throws -> OpenedArchive {
    try require(rule)
    let opened = try archive.open(identity, into: path)
    do throws(FileFault) {
      try received.move(
        to: rule == .restart ? received.streams.restarted(at: archive) : next)
    } catch {
      throw FileFault(
        error.kind, "the archive is opened, but not noted as received: \(error.message)",
        errno: error.errno)
    }
    return opened
  }

  /// Whether this very archive counts as received. One that forked from what was received does not.
  package var isReceived: Bool { received.streams.has(archive) }
}
