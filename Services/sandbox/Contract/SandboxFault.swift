package import RPCContract
import Vocabulary

package enum SandboxFault: RPCMethod {
    package static let name = "fault.set"
    package static let summary = "Makes Meta's side misbehave: errors, lost answers, failing recipients."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil

    package struct Params: Described {
        package var errorShare: Double?
        package var code: Int?
        package var lostAnswerShare: Double?
        package var undeliverableShare: Double?
        package var ambiguousShare: Double?
        package var webhookFailureShare: Double?
        package var heldShare: Double?
        package var tokenExpired: Bool?

        package static let fields: Fields = [
            "errorShare": .number("The share of sends that Meta's side refuses with the chosen code; unchanged if absent.", 0...1),
            "code": .whole("Meta's code for these refusals. It is 131000 at the start and stays unchanged if absent.", 0...9_999_999),
            "lostAnswerShare": .number(
                "The share of sends that are accepted although the connection drops before the answer; unchanged if absent.", 0...1),
            "undeliverableShare": .number(
                "The share of people who have no WhatsApp; messages to them fail with 131026 in a status. Unchanged if absent.", 0...1),
            "webhookFailureShare": .number(
                "Share of posts to the callback that do not reach it, as when the way to it is cut; as before if absent.", 0...1),
            "heldShare": .number(
                "Share of marketing sends that are held for quality assessment and go out half an hour later; as before if absent.", 0...1),
            "ambiguousShare": .number(
                "The share of sends that are accepted and sent although Meta's side answers with 131000; unchanged if absent.", 0...1),
            "tokenExpired": "Whether every token is refused as expired; unchanged if absent.",
        ]

        package init(
            errorShare: Double? = nil,
            code: Int? = nil,
            lostAnswerShare: Double? = nil,
            undeliverableShare: Double? = nil,
            ambiguousShare: Double? = nil,
            webhookFailureShare: Double? = nil,
            heldShare: Double? = nil,
            tokenExpired: Bool? = nil
        ) {
            self.errorShare = errorShare
            self.code = code
            self.lostAnswerShare = lostAnswerShare
            self.undeliverableShare = undeliverableShare
            self.ambiguousShare = ambiguousShare
            self.webhookFailureShare = webhookFailureShare
            self.heldShare = heldShare
            self.tokenExpired = tokenExpired
        }
    }

    package static let example = RPCExample(
        Params(
            errorShare: 0.1, code: 131000, lostAnswerShare: 0.01, undeliverableShare: 0.02, ambiguousShare: 0.01, webhookFailureShare: 0,
            heldShare: 0,
            tokenExpired: false),
        Nothing()
    )
}
