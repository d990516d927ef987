/// Names that no drop has: upper and lower case of ASCII are alike.
enum UploadNames {
  /// What an unfinished transfer ends with: SFTP clients, rclone (`NAME.1a2b3c4d.partial`), browsers,
  /// download and sync programs, editors.
  static let endings = [
    ".part", ".filepart", ".tmp", "~", ".partial", ".crdownload", ".opdownload", ".download",
    ".uploading", ".!sync", ".!ut", ".aria2", ".xfer", ".swp", ".swx", ".ffs_tmp", ".ffs_lock",
    ".ffs_db",
  ]

  /// What Windows, disks and network storage put into a folder of their own accord. Those with a dot
  /// in front (`.DS_Store`, `._NAME`, `.~lock.NAME#`, `.snapshot`, `.stfolder`) are dot files.
  static let leftBySystems = [
    "Thumbs.db", "desktop.ini", "autorun.inf", "$RECYCLE.BIN", "System Volume Information",
    "lost+found", "aquota.user", "aquota.group", "@eaDir", "@Recycle", "@Recently-Snapshot",
    "#recycle", "#snapshot",
  ]
}
