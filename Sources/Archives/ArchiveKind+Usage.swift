package import Keys

extension ArchiveKind {
  /// What the key of its sender must be for.
  package var usage: KeyUsage {
    switch self {
    case .mtsRequest, .registryPatch: .archives
    case .mtsResults: .results
    case .snapshot: .snapshots
    case .job: .jobs
    }
  }
}
