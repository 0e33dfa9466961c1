import Foundation
import Observability

/// A secret that somebody types, which nobody is to read from their screen.
enum Secret {
    private static let interrupt = UInt8(3)

    /// One line of standard input, without echo where that is a terminal; nil where none comes, or whoever types breaks it off.
    static func read(_ prompt: String) -> String? {
        StandardStream.error.write(prompt)
        var shown = termios()
        guard tcgetattr(0, &shown) == 0 else { return line(of: 0) }
        var hidden = hidden(shown)
        guard tcsetattr(0, TCSANOW, &hidden) == 0 else { return nil }
        defer {
            tcsetattr(0, TCSANOW, &shown)
            StandardStream.error.write("\n")
        }
        return line(of: 0)
    }

    /// How a terminal reads it.
    ///
    /// An interrupt ends the line instead of the program, which would leave the terminal without echo.
    static func hidden(_ terminal: termios) -> termios {
        var hidden = terminal
        hidden.c_lflag &= ~tcflag_t(ECHO | ECHONL | ISIG)
        withUnsafeMutableBytes(of: &hidden.c_cc) { $0[Int(VEOL)] = interrupt }
        return hidden
    }

    /// A line of a descriptor without its end; nil where there is none, or it was broken off.
    static func line(of descriptor: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte = UInt8(0)
        while Foundation.read(descriptor, &byte, 1) == 1 {
            if byte == interrupt { return nil }
            if byte == UInt8(ascii: "\n") { return text(bytes) }
            bytes.append(byte)
        }
        return bytes.isEmpty ? nil : text(bytes)
    }

    /// A file from Windows ends its lines in two characters.
    private static func text(_ line: [UInt8]) -> String {
        String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...], as: UTF8.self)
    }
}
