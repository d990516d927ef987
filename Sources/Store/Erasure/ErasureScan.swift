package import Files
internal import Secrets
internal import Snapshots

/// Looks for erased VIDs in the bytes of every file of a site, and in what is packed there.
///
/// It knows a VID as the bytes that it was in the snapshot. Not found is one that is written
/// otherwise: with JSON escapes, as UTF-16, cut by a line's end, packed twice, or enciphered. Links
/// are not followed; of other files each byte is read, once, in pieces.
package struct ErasureScan {
  package struct Limits: Sendable {
    package var files = 2_000_000
    package var depth = 16
    package var pieceBytes = 1 << 20

    package init() {}
  }

  private let prints: ErasedPrints
  private let limits: Limits
  private var report: ErasureReport
  private var entries = 0

  private init(_ prints: ErasedPrints, _ limits: Limits) {
    (self.prints, self.limits) = (prints, limits)
    report = ErasureReport(
      erased: prints.count, unsearchable: prints.unsearchable, lengths: prints.lengths.count)
  }

  /// - Parameters:
  ///   - root: the site.
  ///   - areas: its folders, in the order in which files move on: what is moved while the scan runs
  ///     is then seen at its new place. One that is not there is left out.
  /// - Throws: `FileFault` if one of them cannot be entered.
  package static func run(
    _ prints: ErasedPrints, over areas: [EntryName], of root: Folder, limits: Limits = Limits()
  ) throws -> ErasureReport {
    var scan = ErasureScan(prints, limits)
    for name in areas {
      guard try root.status(of: name) != nil else { continue }
      scan.report.areas.append(ErasureReport.Area(name: name.description))
      try scan.look(into: root.subfolder(name), name.description, depth: 0)
    }
    return scan.report
  }

  private mutating func count(_ change: (inout ErasureReport.Area) -> Void) {
    change(&report.areas[report.areas.count - 1])
  }

  private mutating func look(into folder: Folder, _ path: String, depth: Int) throws {
    count { $0.folders += 1 }
    var folders: [EntryName] = []
    try folder.scan { name in
      entries += 1
      guard entries <= limits.files else {
        report.skip(.beyondLimit, path)
        return false
      }
      try look(at: name, in: folder, path, &folders)
      return true
    }
    for name in folders {
      let below = "\(path)/\(shown(name))"
      guard depth < limits.depth else {
        report.skip(.beyondLimit, below)
        continue
      }
      do { try look(into: folder.subfolder(name), below, depth: depth + 1) } catch {
        skip(error, below)
      }
    }
  }

  private mutating func look(
    at name: EntryName, in folder: Folder, _ path: String, _ folders: inout [EntryName]
  ) throws {
    let isNamed = hits(inName: name) > 0
    let path = "\(path)/\(shown(name))"
    if isNamed { report.add(.init(path: path, kind: .name, hits: hits(inName: name))) }
    do {
      switch try folder.status(of: name)?.kind {
      case nil: report.skip(.vanished, path)
      case .folder: folders.append(name)
      case .symbolicLink: report.skip(.symbolicLink, path)
      case .regular where Self.isSecret(name): report.skip(.secretKey, path)
      case .regular: try read(name, in: folder, path)
      default: report.skip(.special, path)
      }
    } catch {
      skip(error, path)
    }
  }

  // MARK: One file

  private mutating func read(_ name: EntryName, in folder: Folder, _ path: String) throws {
    var tries = 3
    while true {
      let file = try OpenFile(name, in: folder, rules: .plain)
      do {
        let (hits, bytes) = try prints.hits(pieceBytes: limits.pieceBytes) {
          try file.read(into: $0)
        }
        count { ($0.files, $0.bytes) = ($0.files + 1, $0.bytes + bytes) }
        if hits > 0 { report.add(.init(path: path, kind: .plain, hits: hits)) }
        return try lookInside(file, name, path)
      } catch let fault as FileFault where fault.kind == .changedWhileReading && tries > 1 {
        tries -= 1
      }
    }
  }

  private mutating func lookInside(_ file: OpenFile, _ name: EntryName, _ path: String) throws {
    if Self.isSealed(name) {
      guard Self.isOurs(path) else { return report.sealedToOthers += 1 }
      return report.add(.init(path: path, kind: .sealedToSite, hits: 0))
    }
    guard file.size > 0 else { return }
    try file.rewind()
    do {
      let drop = try DropInput(file)
      guard drop.isPacked else { return }
      report.unpacked += 1
      var hits = 0
      while let entry = try drop.next() {
        var entry = entry
        hits += entry.withUTF8 { prints.hits(in: $0) }
        hits += try prints.hits(pieceBytes: limits.pieceBytes) { try drop.read(into: $0) }.hits
        // Told even if the rest turns out to be broken.
        if hits > 0 {
          report.note(.init(path: path, kind: .packed, hits: hits))
        }
      }
    } catch {
      report.skip(.notUnpacked, path)
    }
  }

  private mutating func skip(_ error: any Error, _ path: String) {
    switch (error as? FileFault)?.kind {
    case .notFound: report.skip(.vanished, path)
    case .symbolicLink: report.skip(.symbolicLink, path)
    case .notARegularFile: report.skip(.special, path)
    case .changedWhileReading: report.skip(.changing, path)
    default: report.skip(.unreadable, path)
    }
  }

  // MARK: Names

  private func hits(inName name: EntryName) -> Int {
    name.bytes.withUnsafeBufferPointer { prints.hits(in: $0) }
  }

  private func shown(_ name: EntryName) -> String {
    hits(inName: name) > 0 ? "(a name that holds a deleted VID)" : name.description
  }

  /// Identities in `keys/`, of now, before and next, and half-written ones; the key of the marks.
  static func isSecret(_ name: EntryName) -> Bool {
    guard let text = name.text else { return false }
    let bare = text.drop { $0 == "." }
    return bare.hasPrefix("identity.") || bare.hasPrefix("hash.key")
  }

  private static func isSealed(_ name: EntryName) -> Bool {
    name.hasSuffix(".sealed") || name.text?.contains(".sealed.") == true && !isText(name)
  }

  private static func isText(_ name: EntryName) -> Bool {
    name.hasSuffix(".minisig") || name.hasSuffix(".json")
  }

  /// What came in, and what was kept of it, is sealed to the site; what goes out, to others.
  private static func isOurs(_ path: String) -> Bool {
    ["inbox/", "store/archive/", "store/claimed/"].contains { path.hasPrefix($0) }
  }
}

extension OpenRules {
  fileprivate static var plain: OpenRules { OpenRules(limit: .max, allowsHardLinks: true) }
}

extension ErasureReport {
  /// Adds a finding, or takes the place of the last one of the same file and kind.
  fileprivate mutating func note(_ finding: Finding) {
    if let last = findings.last, (last.path, last.kind) == (finding.path, finding.kind) {
      findings.removeLast()
    }
    add(finding)
  }
}
