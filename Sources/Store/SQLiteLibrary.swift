internal import CSQLite

/// SQLite as this process uses it.
package enum SQLiteLibrary {
  /// Has no memory counted, which every thread would wait for. To be called before anything is opened;
  /// later it does nothing.
  package static func start() { _ = sqlite3_config_memstatus(0) }
}
