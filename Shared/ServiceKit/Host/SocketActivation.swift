import CSystemd
import Foundation

/// The descriptors that the service manager has opened, by name (sd_listen_fds(3)).
enum SocketActivation {
    static func descriptors() throws(StartRefusal) -> [String: [Int32]] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        guard count >= 0 else { throw StartRefusal(.missingSocket, "LISTEN_FDS cannot be understood (error \(-count))") }
        defer {
            if let names {
                for index in 0..<Int(count) { free(names[index]) }
                free(names)
            }
        }
        var descriptors: [String: [Int32]] = [:]
        for index in 0..<Int(count) {
            let name = names?[index].map { String(cString: $0) } ?? "unknown"
            descriptors[name, default: []].append(3 + Int32(index))
        }
        return descriptors
    }
}
