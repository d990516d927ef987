// swift-tools-version: 6.2
import PackageDescription

// The targets are floors of one house: imports go down only (`scripts/check-floors` proves it).
// `docs/architecture.md` says what lives on each.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]
/// Floors 0 and 1 touch raw memory: every such line says `unsafe`.
let strictMemory = strict + [.strictMemorySafety()]

func floor(
  _ name: String, _ dependencies: [Target.Dependency], memory: Bool = false
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: memory ? strictMemory : strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], fixtures: Bool = false) -> Target {
  .testTarget(
    name: name, dependencies: dependencies,
    swiftSettings: strict)
}

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle: Target.Dependency = .product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// `scripts/fuzz` builds with libFuzzer, into a folder of its own; nothing else does.
let isFuzzing = Context.environment["AIRLOCK_FUZZ"] == "1"
let fuzzing: [Target] =
  isFuzzing
  ? [
    .executableTarget(
      name: "fuzz", dependencies: ["Snapshots", "Language", "JSONText", "Secrets", "Faults"],
      path: "Tests/Fuzz", exclude: ["Corpus"], swiftSettings: strict)
  ] : []

let package = Package(
  name: "airlock",
  products: [
    .executable(name: "airlock", targets: ["airlock"]),
    // For LD_PRELOAD in tests: kills a process at the n-th change that it makes to the disk.
    .library(name: "KillSwitch", type: .dynamic, targets: ["KillSwitch"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // Floor 0: C libraries, and the shape of an error.
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CJq", providers: [.apt(["libjq-dev"])]),
    .systemLibrary(name: "CLinux"),
    .target(name: "CArguments"),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "Faults", swiftSettings: strictMemory),

    // Floor 1: the world made safe.
    floor("JSONText", ["CSimdjson", "Faults"], memory: true),
    floor("Secrets", ["CSodium", "Faults"], memory: true),
    floor("Tarballs", ["CArchive", "CZlib", "CZstd", "Faults"], memory: true),
    floor("Files", ["CLinux", "Faults"], memory: true),
    floor("JQ", ["CJq", "Faults"], memory: true),
    floor("XMLText", ["CXML2", "Faults"], memory: true),

    // Floor 2: the words, and the keys.
    floor("Language", ["JSONText", "Faults"]),
    floor("Keys", ["JSONText", "Secrets", "Files", "Faults"]),

    // Floor 3: what comes in, what goes out, what is allowed.
    floor(
      "Snapshots",
      ["Language", "JSONText", "XMLText", "CSimdjson", "Tarballs", "Secrets", "Files", "Faults"]),
    floor("Archives", ["Keys", "Secrets", "Tarballs", "Files", "JSONText", "Faults"]),
    floor("Policies", ["Language", "JSONText", "Secrets", "Files", "Faults"]),
    floor("Ledger", ["Keys", "Secrets", "JSONText", "Files", "Faults"]),

    // Floor 4: SQL, all of it.
    floor(
      "Store",
      [
        "CSQLite", "Snapshots", "Ledger", "Language", "JSONText", "Secrets", "Files", "Faults",
        grdb,
        sqlite,
      ]),

    // Floor 4 as well: what left, told from the outside.
    floor("Audit", ["Ledger", "Archives", "Keys", "Secrets", "JSONText", "Files", "Faults"]),

    // Floor 5: a drop's way through the house.
    floor(
      "Jobs",
      [
        "Store", "Snapshots", "Archives", "Policies", "Ledger", "Keys", "Language", "Tarballs",
        "JSONText",
        "JQ", "Secrets", "Files", "Faults",
      ]),
    // Floor 6: the watcher.
    floor("Inbox", ["Jobs", "Store", "Policies", "Secrets", "Files", "JSONText", "Faults"]),

    // Floor 7: the command line.
    .executableTarget(
      name: "airlock",
      dependencies: [
        "Inbox", "Jobs", "Store", "Audit", "Ledger", "Snapshots", "Archives", "Policies", "Keys",
        "Language", "JSONText", "Secrets", "Files", "CArguments", "Faults", arguments, lifecycle,
        logging,
      ],
      swiftSettings: strict),

    // Beside the house: what `scripts/bench` measures with.
    .executableTarget(
      name: "load-bench", dependencies: ["Store", "Snapshots", "Files", "Faults"],
      path: "Benchmarks/LoadBench", swiftSettings: strict),
    .executableTarget(
      name: "filter-bench",
      dependencies: ["Store", "Language", "JSONText", "Files", "Faults", grdb],
      path: "Benchmarks/FilterBench", swiftSettings: strict),
    .executableTarget(
      name: "audit-bench",
      dependencies: ["Ledger", "Archives", "Keys", "Secrets", "JSONText", "Files", "Faults"],
      path: "Benchmarks/AuditBench", swiftSettings: strict),

    .target(name: "KillSwitch", path: "Tests/KillSwitch"),
    .executableTarget(
      name: "FilesProbe", dependencies: ["Files"], path: "Tests/FilesProbe", swiftSettings: strict),
    .executableTarget(
      name: "ArchiveProbe",
      dependencies: ["Archives", "Keys", "Secrets", "Files", "JSONText", "Faults"],
      path: "Tests/ArchiveProbe", swiftSettings: strict),
    // What tests share: the real exports, folders that go away, other programs.
    .target(
      name: "Fixtures", dependencies: ["JSONText"], path: "Tests/Fixtures",
      exclude: ["odoo17", "mts", "odk", "sheets"], swiftSettings: strict),

    tests("JSONTextTests", ["Fixtures", "JSONText", "Faults"]),
    tests("SecretsTests", ["Secrets", "Faults"]),
    tests("JQTests", ["JQ", "Faults"]),
    tests("XMLTextTests", ["XMLText", "Faults"]),
    tests("TarballsTests", ["Tarballs", "Faults"]),
    tests("FilesTests", ["Files", "FilesProbe", "KillSwitch", "Faults"]),
    tests("LanguageTests", ["Fixtures", "Language", "JSONText", "Faults"]),
    tests("KeysTests", ["Keys", "Secrets", "Files", "JSONText", "Faults"]),
    tests(
      "SnapshotsTests",
      ["Fixtures", "Snapshots", "Language", "Secrets", "Files", "JSONText", "Faults"]),
    tests(
      "ArchivesTests", ["Archives", "Keys", "Secrets", "Tarballs", "Files", "JSONText", "Faults"]),
    tests("LedgerTests", ["Fixtures", "Ledger", "Keys", "Secrets", "Files", "JSONText", "Faults"]),
    tests(
      "AuditTests",
      [
        "Fixtures", "airlock", "Audit", "Ledger", "Archives", "Keys", "Secrets", "Tarballs",
        "Files",
        "JSONText", "Faults",
      ]),
    tests("PoliciesTests", ["Fixtures", "Policies", "Language", "JSONText", "Faults"]),
    tests(
      "StoreTests",
      [
        "Fixtures", "Store", "Snapshots", "Ledger", "Language", "JSONText", "Secrets", "Files",
        "Faults",
        grdb,
      ]),
    tests(
      "JobsTests",
      [
        "Fixtures",
        "Jobs", "Store", "Snapshots", "Archives", "Policies", "Keys", "Language", "JSONText",
        "Secrets", "Files",
        grdb, "Faults",
      ]),
    tests(
      "InboxTests",
      [
        "Fixtures", "Inbox", "Jobs", "Store", "Archives", "Policies", "Ledger", "Keys", "Secrets",
        "Files", "JSONText", "Faults",
      ]),
    tests(
      "AirlockTests",
      [
        "Fixtures", "airlock", "KillSwitch", "Archives", "Ledger", "Keys", "Secrets", "JSONText",
        "Files", "Faults",
      ]),
  ] + fuzzing,
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
