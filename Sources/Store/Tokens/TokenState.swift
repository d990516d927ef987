/// What becomes of a token, as `tokens.state` has it.
enum TokenState: String {
  /// The registry does not have it yet.
  case held
  /// The snapshot in force brings it itself.
  case inRegistry = "in_registry"
  /// The registrant is in conflict: it counts for nothing until that is settled.
  case frozen
}
