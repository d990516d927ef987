internal import Archives
internal import Faults
internal import Files
internal import Keys
internal import Secrets

/// An archive's file, as its signature and header show it.
struct SeenArchive: Sendable {
  enum State: Sendable {
    /// Its sender signed it as it is.
    case sound(ArchiveHeader, Digest, bytes: Int64)
    case refused(FindingClass, code: String, message: String)
    /// It went while the audit was under way.
    case gone
  }

  let file: EntryName
  let state: State

  /// Reads the whole file, and its signature.
  init(_ file: EntryName, in folder: Folder, cards: [Card]) {
    self.file = file
    do {
      let archive = try UnverifiedArchive(file, in: folder).verified(byOneOf: cards)
      state = .sound(archive.header, archive.digest, bytes: archive.size)
    } catch let fault as any Fault {
      state = Self.refusal(fault)
    } catch {
      state = .refused(.altered, code: "refused", message: "\(error)")
    }
  }

  private static func refusal(_ fault: any Fault) -> State {
    if (fault as? FileFault)?.kind == .notFound { return .gone }
    return .refused(FindingClass(fault), code: fault.code, message: fault.message)
  }

  var digest: Digest? {
    guard case .sound(_, let digest, _) = state else { return nil }
    return digest
  }

  /// Where its header says that it stands.
  var key: ArchiveKey? {
    guard case .sound(let header, _, _) = state else { return nil }
    return ArchiveKey(stream: header.draft.stream.text, sequence: header.draft.sequence)
  }

  var records: Int64 {
    guard case .sound(let header, _, _) = state else { return 0 }
    return header.draft.records
  }
}
