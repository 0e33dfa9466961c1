package import RPCContract
import Vocabulary

/// What poster answers.
package enum PosterContract: Contract {
    package static let process = ProcessName.poster.rawValue
    package static let version = "0.1.0"
    package static let methods: [any RPCMethod.Type] = [
        CreateEndpoint.self, ListEndpoints.self, GetEndpoint.self, UpdateEndpoint.self, DeleteEndpoint.self, PauseEndpoint.self,
        ResumeEndpoint.self, RotateEndpointSecret.self, TestEndpoint.self, ListDeliveries.self, GetDelivery.self, ResendDelivery.self,
        RecoverDeliveries.self, GetRecovery.self,
    ]
}

extension FaultCode {
    package static let endpointUnknown = FaultCode(
        number: 7100, reason: "endpoint_unknown", http: 404, meaning: "No such endpoint in this workspace.")
    package static let endpointTaken = FaultCode(
        number: 7101, reason: "endpoint_taken", http: 409,
        meaning: "The workspace has an endpoint with this URL; webhook.update changes it.")
    package static let endpointRefused = FaultCode(
        number: 7102, reason: "endpoint_refused", http: 422, meaning: "Nothing may be posted to this URL.")
    package static let endpointLimit = FaultCode(
        number: 7103, reason: "endpoint_limit", http: 409, meaning: "The workspace has as many endpoints as it may have.")
    package static let endpointDisabled = FaultCode(
        number: 7104, reason: "endpoint_disabled", http: 409, meaning: "The endpoint is disabled; webhook.resume enables it.")
    package static let deliveryUnknown = FaultCode(
        number: 7200, reason: "delivery_unknown", http: 404, meaning: "The endpoint has no delivery of this event.")
    package static let recoveryUnknown = FaultCode(
        number: 7300, reason: "recovery_unknown", http: 404, meaning: "The endpoint has no such recovery.")
}
