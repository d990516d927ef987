package import Faults

/// Why a packed or compressed stream was refused.
package struct TarballFault: Fault, Equatable {
  /// The class of the fault; its raw value is the code.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case emptyInput = "empty_input"
    case corrupt = "corrupt"
    case cutShort = "cut_short"
    case trailingData = "trailing_data"
    case nestedCompression = "nested_compression"
    case linkEntry = "link_entry"
    case specialEntry = "special_entry"
    case badEntryName = "bad_entry_name"
    case duplicateEntry = "duplicate_entry"
    case encryptedEntry = "encrypted_entry"
    case entryTooLarge = "entry_too_large"
    case expandsTooFar = "expands_too_far"
    case tooManyEntries = "too_many_entries"
    case wrongSize = "wrong_size"
    case outOfMemory = "out_of_memory"
    case misuse = "misuse"
  }

  /// The class of the fault.
  package let kind: Kind
  package let message: String

  package var code: String { kind.rawValue }
  package var hint: String? { Self.advice[kind] }

  package var blame: Blame {
    switch kind {
    case .outOfMemory: .environment
    case .misuse, .wrongSize: .bug
    default: .input
    }
  }

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  private static let advice: [Kind: String] = [
    .emptyInput: "export and upload the file again",
    .corrupt: "upload the file again; compare its SHA-256 with the original",
    .cutShort: "the upload was broken off; upload the file again",
    .trailingData: "pack the files anew, into one archive",
    .nestedCompression: "compress the file once only",
    .linkEntry: "pack plain files only (tar --dereference --hard-dereference)",
    .specialEntry: "pack plain files only",
    .badEntryName: "pack the files under plain relative names",
    .duplicateEntry: "pack each file once",
    .encryptedEntry: "pack without a password; the file is protected on its way by other means",
    .entryTooLarge: "split the file, or raise the limit in policies/site.json",
    .expandsTooFar: "split the file, or raise the limit in policies/site.json",
    .tooManyEntries: "pack only the files that are asked for",
    .outOfMemory: "give the program more memory",
  ]
}

/// Text from outside made safe to print: ASCII as it is, every other byte as `\xNN`.
func printable(_ text: String) -> String {
  text.utf8.prefix(200).map { byte in
    (0x20...0x7E).contains(byte)
      ? String(Unicode.Scalar(byte))
      : "\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
  }.joined()
}
