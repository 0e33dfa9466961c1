import Foundation
import Testing

@testable import linda

/// What is typed in secret.
@Suite struct SecretTests {
    @Test func theTerminalShowsNothingOfIt() {
        var terminal = termios()
        terminal.c_lflag = tcflag_t(ECHO | ISIG | ICANON)
        let hidden = Secret.hidden(terminal)
        #expect(hidden.c_lflag & tcflag_t(ECHO | ISIG) == 0, "an interrupt would leave it without echo")
        #expect(hidden.c_lflag & tcflag_t(ICANON) != 0, "a typing error can be taken back")
    }

    @Test(
        arguments: [
            ("123456\nmore", "123456"), ("123456", "123456"), ("\n", ""), ("", nil), ("12\u{3}", nil), ("123456\r\nmore", "123456"),
            ("123456\r", "123456"), ("\r\n", ""),
        ] as [(String, String?)])
    func aPipeGivesOneLine(text: String, line: String?) throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try pipe.fileHandleForWriting.close()
        #expect(Secret.line(of: pipe.fileHandleForReading.fileDescriptor) == line)
    }
}
