internal import Files
package import Keys
package import Secrets

/// The checkpoint that lies in the outbox, as the site finds it again.
///
/// Whoever signed it: where it says other than the journal it may be the only trace of a journal that
/// was restored, and is never written over. The signature decides only whether it is made again: a
/// site that was killed between signature and document leaves a pair that does not fit.
package struct PublishedCheckpoint: Sendable {
  package let head: LedgerHead
  /// Whose signature it bears; nil when it bears none of those asked for.
  package let signer: SigningKeyID?
}

extension LedgerFolder {
  /// - Parameter cards: whose signatures count.
  /// - Returns: nil when there is none.
  /// - Throws: `checkpoint_format` for one that cannot be read or has no signature; `FileFault`.
  package func published(by cards: [Card]) throws -> PublishedCheckpoint? {
    do {
      let document = try checkpoint()
      let head = try Checkpoint(unchecked: document).head
      let isSound = (try? document.verified(byOneOf: cards)) != nil
      return PublishedCheckpoint(head: head, signer: isSound ? document.senderKeyID : nil)
    } catch let fault as FileFault where fault.kind == .notFound {
      return nil
    } catch let fault as KeysFault {
      throw LedgerFault(.checkpointFormat, "the outbox's checkpoint: \(fault.message)")
    }
  }
}
