import Jobs

extension Watcher {
  /// Runs VID-deletion policies now, whatever their schedule.
  /// - Returns: how many runs were begun.
  package func prune(_ policies: Set<String>) throws -> Int {
    let begun = try processing.policies.begin(policies, complain: complain)
    try finish()
    return begun
  }
}
