import Foundation
import RPCContract

/// A time zone as people write it.
///
/// Foundation takes some abbreviations and has its own mind about them: IST is India's, BST is Bangladesh's and not Britain's, and EST has no summer
/// time. Whoever writes one may mean another, and would be hours off.
enum WrittenZone {
    private static let abbreviations: [String: [String]] = [
        "ACST": ["Australia/Adelaide"], "AEDT": ["Australia/Sydney"], "AEST": ["Australia/Sydney", "Australia/Brisbane"],
        "AST": ["America/Halifax", "Asia/Riyadh"], "AWST": ["Australia/Perth"], "BDT": ["Asia/Dhaka"], "BRT": ["America/Sao_Paulo"],
        "BST": ["Europe/London", "Asia/Dhaka"], "CAT": ["Africa/Harare"], "CDT": ["America/Chicago", "America/Havana"],
        "CEST": ["Europe/Berlin", "Europe/Paris"], "CET": ["Europe/Berlin", "Europe/Paris"],
        "CST": ["America/Chicago", "America/Mexico_City", "Asia/Shanghai"], "EAT": ["Africa/Nairobi"], "EDT": ["America/New_York"],
        "EEST": ["Europe/Athens", "Africa/Cairo"], "EET": ["Europe/Athens", "Africa/Cairo"],
        "EST": ["America/New_York", "America/Panama"], "GST": ["Asia/Dubai"], "HKT": ["Asia/Hong_Kong"], "HST": ["Pacific/Honolulu"],
        "ICT": ["Asia/Bangkok"], "IST": ["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"], "JST": ["Asia/Tokyo"],
        "KST": ["Asia/Seoul"], "MDT": ["America/Denver"], "MSK": ["Europe/Moscow"], "MST": ["America/Denver", "America/Phoenix"],
        "NPT": ["Asia/Kathmandu"], "NZDT": ["Pacific/Auckland"], "NZST": ["Pacific/Auckland"], "PDT": ["America/Los_Angeles"],
        "PHT": ["Asia/Manila"], "PKT": ["Asia/Karachi"], "PST": ["America/Los_Angeles", "Asia/Manila"], "SAST": ["Africa/Johannesburg"],
        "SGT": ["Asia/Singapore"], "SLST": ["Asia/Colombo"], "WAT": ["Africa/Lagos"], "WEST": ["Europe/Lisbon"], "WET": ["Europe/Lisbon"],
        "WIB": ["Asia/Jakarta"],
    ]

    /// Why a name is not taken for a zone; nil where it is one.
    static func problem(_ name: String) -> String? {
        abbreviation(name) ?? (TimeZone(identifier: name) == nil ? "there is no time zone \(name.prefix(64))" : nil)
    }

    /// The same as a sentence for whoever has written one name, with the zone that was probably meant.
    static func advice(_ name: String) -> String? {
        guard let problem = problem(name) else { return nil }
        guard abbreviation(name) == nil else { return "\(problem)." }
        let hint = nearest(name).map { "did you mean \($0)?" } ?? "zones are named like Asia/Kolkata; recipient means each person's own."
        return "T\(problem.dropFirst()): \(hint)"
    }

    private static func abbreviation(_ name: String) -> String? {
        let isShort = name.utf8.count <= 5 && name.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        let zones = abbreviations[name.uppercased()] ?? []
        guard !zones.isEmpty || isShort && TimeZone(identifier: name) != nil && name != "UTC" && name != "GMT" else { return nil }
        guard let last = zones.last else { return "\(name) is an abbreviation; give the time zone's name, which is like Asia/Kolkata" }
        guard zones.count > 1 else { return "\(name) is an abbreviation; give the time zone's name: \(last)" }
        let names = zones.dropLast().joined(separator: ", ") + " or \(last)"
        return "\(name) is an abbreviation, which may mean more than one time zone; give the zone's name: \(names)"
    }

    /// The zone that was probably meant by a name of no zone: of another case, a city alone, or misspelt.
    private static func nearest(_ name: String) -> String? {
        let known = TimeZone.knownTimeZoneIdentifiers + abbreviations.values.joined()
        let wanted = name.lowercased().replacing(" ", with: "_")
        let found = known.first { $0.lowercased() == wanted } ?? known.first { $0.lowercased().hasSuffix("/\(wanted)") }
        return found ?? NearestName.of(name, among: known)
    }
}
