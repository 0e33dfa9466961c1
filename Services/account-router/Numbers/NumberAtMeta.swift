import AccountContract
import GraphAPI
import RPCContract
import Vocabulary

/// Asks Meta about a number before anything is sent from it.
struct NumberAtMeta: Sendable {
    let graph: GraphClient

    /// Refuses a number that Meta does not know, that the token may not see, or that is another than was meant.
    ///
    /// Source: Meta, field display_phone_number.
    ///
    /// - Returns: how far its registration is; nil where Meta does not say.
    func check(_ params: AddAccount.Params) async throws(Fault) -> Account.Link? {
        let answer: JSONValue
        do throws(GraphClient.Failure) { answer = try await graph.number(params.phoneNumberID) } catch {
            guard case .refused(let refusal) = error, refusal.isMissing else { throw Fault(error) }
            var fault = Fault(error)
            fault.message =
                "Meta does not know the number \(params.phoneNumberID), or the token may not see it. The phone number id stands in WhatsApp Manager, API setup; the system user needs the account \(params.wabaID)."
            fault.path = "phoneNumberID"
            throw fault
        }
        // What cannot be read as a number is not Meta's: events are told by these digits.
        guard let shown = answer["display_phone_number"]?.text,
            let theirs = PhoneNumber.normalise(shown.hasPrefix("+") ? shown : "+\(shown)"),
            theirs != PhoneNumber.normalise(params.displayPhoneNumber)
        else {
            try await checkAccount(params)
            return Self.link(answer)
        }
        throw Fault(
            .metaRefused, "The number \(params.phoneNumberID) is +\(theirs.rawValue) at Meta, not \(params.displayPhoneNumber).",
            path: "displayPhoneNumber")
    }

    /// How far a number's registration is; nil where Meta does not say.
    ///
    /// Source: Meta, fields platform_type (CLOUD_API, ON_PREMISE, NOT_APPLICABLE) and code_verification_status.
    static func link(_ answer: JSONValue) -> Account.Link? {
        switch answer["platform_type"]?.string {
        case "CLOUD_API": .registered
        case "NOT_APPLICABLE": answer["code_verification_status"]?.string == "VERIFIED" ? .verified : .unlinked
        default: nil
        }
    }

    /// Templates are an account's: under a wrong one every template would fail.
    private func checkAccount(_ params: AddAccount.Params) async throws(Fault) {
        let known: Set<String>?
        do throws(GraphClient.Failure) { known = try await graph.numbers(of: params.wabaID) } catch {
            guard case .refused(let refusal) = error, refusal.isMissing else { throw Fault(error) }
            throw Fault(
                .metaRefused, "Meta does not know the account \(params.wabaID), or the token may not see it.", path: "wabaID")
        }
        guard let known, !known.contains(params.phoneNumberID.rawValue) else { return }
        throw Fault(
            .metaRefused, "The number \(params.phoneNumberID) does not belong to the account \(params.wabaID).", path: "wabaID")
    }
}
