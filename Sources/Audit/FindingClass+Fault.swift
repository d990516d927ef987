internal import Archives
package import Faults
internal import Files
internal import Keys

extension FindingClass {
  /// What it means that a signed file was refused for this.
  package init(_ fault: any Fault) {
    switch fault {
    case let fault as KeysFault: self.init(fault.kind)
    case let fault as ArchiveFault where fault.failure == .signature:
      // Said in the words of the keys, but for a known key under another name.
      self =
        fault.code == "other_sender"
        ? .unsigned : KeysFault.Kind(rawValue: fault.code).map { Self($0) } ?? .altered
    case let fault as FileFault where fault.kind == .notFound: self = .remark
    default: self = fault.blame == .environment ? .unreadable : .altered
    }
  }

  private init(_ kind: KeysFault.Kind) {
    switch kind {
    case .signatureMissing, .unknownSender: self = .unsigned
    case _ where KeysFault.unfit.contains(kind): self = .key
    default: self = .altered
    }
  }
}
