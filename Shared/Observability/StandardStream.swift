import Foundation

/// Standard output or standard error, written so that it never ends the program.
///
/// A full disk, or a reader that is gone, costs the text and nothing else; `FileHandle` raises where it cannot write.
package enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Writes the text as it stands, in as few calls as the kernel needs.
    package func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Foundation.write(rawValue, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
        }
    }
}
