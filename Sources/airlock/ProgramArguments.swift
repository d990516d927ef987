import CArguments

/// The command line that the process was started with.
enum ProgramArguments {
  /// The arguments without the program's own name, as the loader handed them over: Swift's
  /// `CommandLine` needs /proc for them, and where that is missing a command that was not understood
  /// would end as if none had been given.
  /// - Throws: `UsageFault` where the process was started without even its own name (execve(2)).
  static func given() throws -> [String] {
    let count = airlock_argument_count()
    guard count > 0 else {
      throw UsageFault(
        "the program was started without arguments, not even its own name",
        hint: "start it as: airlock COMMAND")
    }
    return (1..<count).compactMap { airlock_argument($0).map { String(cString: $0) } }
  }
}
