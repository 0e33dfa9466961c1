/// The methods of one process: its table of contents.
package protocol Contract: Sendable {
    /// Folder, program, unit, socket and database carry this name.
    static var process: String { get }
    static var version: String { get }
    static var methods: [any RPCMethod.Type] { get }
}

extension Contract {
    /// Own methods and those that every process answers.
    package static var allMethods: [any RPCMethod.Type] { methods + CommonContract.methods }
}
