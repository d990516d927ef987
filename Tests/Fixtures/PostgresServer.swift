import Foundation

/// A PostgreSQL of one test's own: a cluster in a temporary folder, reached over a socket in it and
/// nothing else. It ends with this object, and with the test's process, whatever happens to that.
package final class PostgresServer {
  private static let script = """
    cd "$2" || exit 1
    "$1/initdb" -D data -A trust -U postgres --no-sync --encoding=UTF8 --locale=C >init.log 2>&1 &&
    "$1/pg_ctl" -D data -w -l server.log -o "-k '$2' -c listen_addresses='' -c fsync=off" \\
      start >start.log 2>&1 && echo ready
    read -r _
    "$1/pg_ctl" -D data -m immediate -w stop >stop.log 2>&1
    """

  private let folder: TemporaryFolder
  private let process = Process()
  private let input = Pipe()

  /// What programs need to find the server.
  package let environment: [String: String]

  /// - Throws: if PostgreSQL is not there or does not start: no test is passed over for that.
  package init() throws {
    folder = try TemporaryFolder()
    let path = folder.path
    environment = [
      "PGHOST": path, "PGUSER": "postgres", "PGDATABASE": "postgres", "PGCLIENTENCODING": "UTF8",
    ]
    let programs = try Self.programs()
    var command = ["/bin/sh", "-c", Self.script, "sh", programs, path]
    if getuid() == 0 {
      // The server refuses to run as root.
      try Tool.run("chown", ["postgres", path])
      command = ["/usr/sbin/runuser", "-u", "postgres", "--"] + command
    }
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    let output = Pipe()
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    let said = output.fileHandleForReading.availableData
    guard String(decoding: said, as: UTF8.self) == "ready\n" else {
      end()
      throw Failure(
        what: ["init.log", "start.log", "server.log"].map { (try? folder.read($0)) ?? "" })
    }
  }

  deinit { end() }

  /// Runs SQL in a database.
  package func run(_ sql: String, in database: String = "postgres") throws {
    let result = try Tool.run(
      "psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql],
      environment: environment)
    guard result.status == 0 else { throw Failure(what: [result.errors]) }
  }

  private func end() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private struct Failure: Error { let what: [String] }

  /// Debian keeps the server's programs out of PATH, a folder for each version.
  private static func programs() throws -> String {
    let base = "/usr/lib/postgresql"
    let versions = try FileManager.default.contentsOfDirectory(atPath: base)
    guard let newest = versions.max(by: { (Int($0) ?? 0) < (Int($1) ?? 0) }) else {
      throw Failure(what: ["there is no PostgreSQL in \(base): run scripts/setup"])
    }
    return "\(base)/\(newest)/bin"
  }
}
