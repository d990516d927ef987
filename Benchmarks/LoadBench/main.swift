import Faults
import Files
import Foundation
import Glibc
import Snapshots
import Store

// Loads one snapshot into a folder and prints what it took, as one line of JSON.
//
//     load-bench SNAPSHOT FOLDER [check]

let clock = ContinuousClock()
let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
  print("usage: load-bench SNAPSHOT FOLDER [check]")
  exit(2)
}

func peakMegabytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss / 1024
}

func userSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
}

func seconds(_ body: () throws -> Void) rethrows -> Double {
  let time = try clock.measure(body)
  return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
}

do {
  let source = SnapshotSource.path(arguments[1], rules: .named(limit: 1 << 40))
  var records = 0
  let wall = try seconds {
    if arguments.count > 3 {
      records = try SnapshotChecker.check(source).counts[SnapshotReader.mainModel] ?? 0
    } else {
      let loader = SnapshotLoader(into: try Folder(path: arguments[2]))
      let staged = try loader.load(source, now: Date())
      records = staged.summary.partners
      try staged.commit()
    }
  }
  let rate = Int(Double(records) / wall)
  print(
    """
    {"registrants": \(records), "wall_s": \((wall * 100).rounded() / 100), \
    "user_s": \((userSeconds() * 100).rounded() / 100), "per_s": \(rate), \
    "peak_mb": \(peakMegabytes())}
    """)
} catch let fault as any Fault {
  FileHandle.standardError.write(Data("error: \(fault.description)\n".utf8))
  exit(1)
}
