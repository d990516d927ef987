import Glibc
import Files

// Publishes the text of its second argument as "published" in the folder of its first, so that
// tests can kill it on the way, or make the disk fail. Its exit status says whether it was told.
let arguments = CommandLine.arguments
do {
  let folder = try Folder(path: arguments[1])
  try AtomicFile.write(arguments[2], as: "published", in: folder, replacing: true)
} catch {
  print(error.code)
  exit(4)
}
