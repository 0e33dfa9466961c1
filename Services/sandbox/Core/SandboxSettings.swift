package import ServiceKit

/// What may be set for the sandbox.
package struct SandboxSettings: ProcessSettings {
    let seed: Int

    package init(_ reader: inout SettingsReader) throws(StartRefusal) {
        seed = try reader.whole("seed", 0...Int.max, default: 1, "What chance begins from; the same seed, the same people and faults.")
    }
}
