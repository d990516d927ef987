extension FileFault {
  package var hint: String? { Self.advice[kind] }

  private static let advice: [Kind: String] = [
    .notFound: "check the path, and that the disk or share is mounted",
    .alreadyThere: "move the existing file away, or choose another name",
    .notPermitted: "check the owner and mode of the file and of its folder",
    .readOnly: "the file system is mounted read-only; check the disk, then remount it",
    .diskFull: "free some space (and inodes) on that file system",
    .quotaExceeded: "raise the quota of this user, or free some space",
    .fileTooLargeForSystem: "this file system or the process limit allows no file of that size",
    .ioError: "the device failed; check its cable and the kernel's log, and do not trust it",
    .staleHandle: "the network share went away; remount it",
    .otherFileSystem: "inbox, store and outbox must lie on one file system",
    .tooManyOpenFiles: "raise the limit of open files (ulimit -n)",
    .tooManyEntries: "empty the folder by hand",
    .symbolicLink: "put the file itself there, not a link to it",
    .notARegularFile: "put a plain file there",
    .hardLinked: "copy the file there instead of linking it",
    .foreignOwner: "copy the file as the user that Airlock expects",
    .exposed: "take the rights of group and others away (chmod go-rwx)",
    .tooLarge: "split the file, or raise the limit in policies/site.json",
    .changedWhileReading: "upload under a name ending in .part, then rename",
    .badName: "use letters, digits, dot, underscore and dash only",
    .locked: "wait for the other process, or stop it",
    .shortWrite: "check the disk: it took fewer bytes than it said",
  ]
}
