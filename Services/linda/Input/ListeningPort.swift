import ArgumentParser

/// A port to listen on, as it was written.
///
/// Every text is taken at first: the parser's own refusal would not say which ports there are.
struct ListeningPort: ExpressibleByArgument, ExpressibleByIntegerLiteral, Equatable {
    private let text: String

    var defaultValueDescription: String { text }
    /// The port; 0, which takes a free one, before `check` has refused a text that names no port.
    var number: UInt16 { UInt16(text) ?? 0 }

    init(integerLiteral number: UInt16) { text = "\(number)" }
    init(argument: String) { text = argument }

    func check() throws(ValidationError) {
        guard UInt16(text) == nil else { return }
        throw ValidationError("--port \(text): is not a port; give a whole number from 1 to 65535, or 0 for a free one.")
    }
}
