/// Why a process does not start: one line for people, one exit status for programs.
package struct StartRefusal: Error, CustomStringConvertible, Sendable {
    /// Exit statuses as sysexits.h uses them; units list them in `RestartPreventExitStatus=`.
    package enum Status: Int32, Sendable, CaseIterable {
        case usage = 64
        case newerSchema = 65
        case missingCredential = 66
        case missingSocket = 69
        case defect = 70
        case database = 74
        case configuration = 78
    }

    package var status: Status
    package var description: String

    package init(_ status: Status, _ description: String) {
        self.status = status
        self.description = description
    }
}
