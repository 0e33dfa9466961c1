import AccountContract
import RPCContract

/// The steps by which a number is connected to the Cloud API, and their order.
///
/// Source: Meta, registering business phone numbers: request a code → verify it → register with a PIN; deregister.
enum LinkStep: String, CaseIterable {
    case requestCode, verifyCode, register, deregister

    /// The state after the step.
    ///
    /// - Throws: where the step makes no sense now, with what does.
    func state(after state: Account.Link) throws(Fault) -> Account.Link {
        switch (self, state) {
        case (.requestCode, .unlinked), (.requestCode, .codeRequested): return .codeRequested
        case (.verifyCode, .codeRequested): return .verified
        case (.register, .verified): return .registered
        case (.deregister, .registered): return .unlinked
        case (.requestCode, .verified):
            throw Fault(.linkState, "The number is verified already; account.confirmLink with a PIN registers it.")
        case (.requestCode, .registered), (.verifyCode, .registered), (.register, .registered):
            throw Fault(.linkState, "The number is registered already; account.unlink deregisters it.")
        case (.verifyCode, .unlinked), (.register, .unlinked), (.register, .codeRequested):
            throw Fault(.linkState, "No code has been verified; account.link asks for one.")
        case (.verifyCode, .verified): throw Fault(.linkState, "The number is verified already; leave the code out.", path: "code")
        case (.deregister, _): throw Fault(.linkState, "The number is not registered.")
        }
    }
}
