package import RPCContract
import Vocabulary

/// What intelligence-service answers.
package enum IntelligenceContract: Contract {
    package static let process = ProcessName.intelligenceService.rawValue
    package static let version = "0.17.0"
    package static let methods: [any RPCMethod.Type] = [
        ProcessMessage.self, RecordHistory.self, GetConversation.self, ListConversations.self, ResolveConversation.self, AnalyzeText.self,
        ListIntents.self,
        ListOrders.self, GetOrder.self,
        ConversationStatistics.self, ListActions.self, RetryAction.self,
    ]
}

extension FaultCode {
    package static let conversationUnknown = FaultCode(
        number: 4100, reason: "conversation_unknown", http: 404, meaning: "No such conversation.")
    package static let orderUnknown = FaultCode(number: 4102, reason: "order_unknown", http: 404, meaning: "No such order.")
    package static let actionUnknown = FaultCode(
        number: 4101, reason: "action_unknown", http: 404, meaning: "No such action has been given up.")
}
