package import RPCContract

/// What account-router answers.
package enum AccountContract: Contract {
    package static let process = "account-router"
    package static let version = "0.1.0"
    package static let methods: [any RPCMethod.Type] = [
        AddAccount.self, ListAccounts.self, GetAccount.self, UpdateAccount.self, DeleteAccount.self, PreviewRoute.self,
        SendMessage.self, GetMessage.self, ExplainMessage.self, ListMessages.self, MessageStatistics.self,
        RecordInbound.self, RecordStatuses.self, RecordAccountEvent.self, GetConversationWindow.self,
    ]
}

extension FaultCode {
    package static let accountUnknown = FaultCode(
        number: 3100, reason: "account_unknown", http: 404, meaning: "No such number is configured.")
    package static let accountTaken = FaultCode(
        number: 3101, reason: "account_taken", http: 409, meaning: "The number is configured already.")
    package static let noRoute = FaultCode(number: 3102, reason: "no_route", http: 409, meaning: "No enabled number can send it.")
    package static let messageUnknown = FaultCode(number: 3200, reason: "message_unknown", http: 404, meaning: "No such message.")
    package static let windowClosed = FaultCode(
        number: 3201,
        reason: "window_closed",
        http: 409,
        meaning: "More than 24 hours since the customer last wrote: only a template may be sent."
    )
    package static let requestKeyReused = FaultCode(
        number: 3202,
        reason: "request_key_reused",
        http: 409,
        meaning: "The request key belongs to another message."
    )
    package static let templateRefused = FaultCode(
        number: 3203,
        reason: "template_refused",
        http: 422,
        meaning: "template-service does not compose it: unknown, not approved, or a variable is missing."
    )
}
