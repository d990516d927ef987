package import Faults
import Files
import Glibc
import JSONText
package import Policies
package import Secrets

/// The VID-deletion policies of a site as they lie on the disk: every `policies/NAME.json` besides
/// the site policy. One that cannot be read whole, or that others could have written, deletes
/// nothing and says why; it hinders no other.
package enum DeletionPolicies {
  package struct Entry: Sendable {
    /// The file's name without `.json`.
    package let name: String
    package let state: State
  }

  package enum State: Sendable {
    case sound(VIDDeletionPolicy, digest: Digest)
    case broken(any Fault)
  }

  /// The most policies of a site.
  package static let most = 100

  /// Reads all, in the order of their names.
  /// - Throws: `FileFault` where the folder cannot be listed; `too_many_policies`.
  package static func read(_ site: Site) throws -> [Entry] {
    let names = try site.policies.names(limit: 10_000)
      .filter { !$0.isUpload && $0.hasSuffix(ending) && $0 != PolicyInForce.name }
    guard names.count <= most else { throw DeletionPolicyFault.tooMany }
    return names.map { entry(of: $0, in: site.policies) }
  }

  private static let ending = ".json"

  /// The bytes of a policy's file, as they lie there now.
  /// - Throws: what is in the way, as `read` tells it.
  static func text(named name: String, on site: Site) throws -> [UInt8] {
    try site.policies.requireTrusted()
    return try text(of: EntryName(name + ending), in: site.policies, "policies/\(name)\(ending)")
  }

  private static func entry(of file: EntryName, in folder: Folder) -> Entry {
    let name = String(file.description.dropLast(ending.count))
    let shown = "policies/\(file)"
    do {
      try folder.requireTrusted()
      guard file.bytes.suffix(ending.utf8.count).elementsEqual(ending.utf8),
        StreamName.isValid(name)
      else { throw DeletionPolicyFault.badName(file: shown) }
      let text = try text(of: file, in: folder, shown)
      let policy = try VIDDeletionDecoder.decode(text)
      return Entry(name: name, state: .sound(policy, digest: Digest(of: text)))
    } catch {
      let fault = (error as? any Fault) ?? DeletionPolicyFault.unreadable(file: shown)
      return Entry(name: name, state: .broken(DeletionPolicyFault.filed(fault, shown)))
    }
  }

  private static func text(of file: EntryName, in folder: Folder, _ shown: String) throws -> [UInt8]
  {
    let rules = OpenRules(
      limit: Int64(VIDDeletionDecoder.limits.bytes), owners: [0, geteuid()])
    let opened = try OpenFile(file, in: folder, rules: rules)
    guard !opened.status.isWritableByOthers else {
      throw DeletionPolicyFault.exposed(file: shown)
    }
    return try opened.readAll()
  }
}

/// Why a file of `policies/` deletes nothing.
package struct DeletionPolicyFault: Fault {
  package let code: String
  package let message: String
  package let hint: String?
  package private(set) var place: FaultPlace?
  package private(set) var blame = Blame.input

  private init(_ code: String, _ message: String, hint: String) {
    (self.code, self.message, self.hint) = (code, message, hint)
  }

  /// A fault of a document as one of its file; a list of them file by file.
  static func filed(_ fault: any Fault, _ file: String) -> any Fault {
    if let list = fault as? FaultList {
      return FaultList(of: list.all.map { filed($0, file) }) ?? list
    }
    if fault is DeletionPolicyFault { return fault }
    var ours = DeletionPolicyFault(
      fault.code, "\(file): \(fault.message)",
      hint: fault.hint ?? "until it is mended it deletes nothing: airlock check \(file)")
    let place = fault.place
    ours.place = FaultPlace(
      file: file, line: place?.line, column: place?.column, pointer: place?.pointer,
      inside: place?.inside)
    ours.blame = fault.blame
    return ours
  }

  static let tooMany = DeletionPolicyFault(
    "too_many_policies",
    "policies/ has more than \(DeletionPolicies.most) files besides the site policy",
    hint: "none of them deletes anything; take those away that are not needed")

  static func badName(file: String) -> DeletionPolicyFault {
    DeletionPolicyFault(
      "bad_name", "\(file): this name is not one for a policy",
      hint:
        "rename it to 1 to 64 lower-case letters, digits, \"-\" and \"_\", a letter or digit first, and \".json\""
    )
    .of(file)
  }

  static func exposed(file: String) -> DeletionPolicyFault {
    DeletionPolicyFault(
      "exposed", "\(file) can be written to by others", hint: "chmod go-w \(file)"
    )
    .of(file, .environment)
  }

  static func unreadable(file: String) -> DeletionPolicyFault {
    DeletionPolicyFault(
      "unreadable", "\(file) cannot be read", hint: "until then it deletes nothing"
    )
    .of(file, .environment)
  }

  private func of(_ file: String, _ blame: Blame = .input) -> DeletionPolicyFault {
    var fault = self
    (fault.place, fault.blame) = (FaultPlace(file: file), blame)
    return fault
  }
}
