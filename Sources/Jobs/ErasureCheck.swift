import Files
package import Store

/// Holds a site's own files against the VIDs that it deleted.
package struct ErasureCheck {
  private let site: Site

  package init(_ site: Site) { self.site = site }

  /// Reads every file of the site; changes none. A watcher may be at work meanwhile.
  /// - Returns: nil where no VID was ever deleted.
  /// - Throws: `FileFault`, `StoreFault`; `hash_key_missing` where the VIDs cannot be known again.
  package func run() throws -> ErasureReport? {
    guard try TokenStore.exists(in: site.store) else { return nil }
    let tokens = try TokenStore(in: site.store)
    guard try tokens.erasedCount() > 0 else { return nil }
    let prints = try ErasedPrints(tokens, VIDHasher(existingIn: site.store))
    // As drops go: in, through the store, and out.
    return try ErasureScan.run(
      prints, over: ["inbox", "store", "outbox", "policies", "keys"], of: site.root)
  }
}
