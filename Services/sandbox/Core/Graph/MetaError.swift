import Foundation
import HTTPTypes
import RPCContract

/// An error as Meta answers it.
///
/// Source: Meta, Cloud API error codes.
struct MetaError: Error, Equatable {
    var code: Int
    /// Meta's subcode, where it has one.
    var subcode: Int?
    var details: String

    init(code: Int, subcode: Int? = nil, details: String) {
        self.code = code
        self.subcode = subcode
        self.details = details
    }

    /// Meta's answer about an id that is not there, or that the token may not see.
    static func noObject(_ id: String) -> MetaError {
        MetaError(
            code: 100, subcode: 33,
            details:
                "Unsupported get request. Object with ID '\(id)' does not exist, cannot be loaded due to missing permissions, or does not support this operation."
        )
    }

    private static let titles: [Int: String] = [
        33: "Parameter value is not valid", 100: "Invalid parameter", 190: "Access token has expired", 80007: "Rate limit issues",
        130429: "Rate limit hit", 131000: "Something went wrong", 131008: "Required parameter is missing",
        131009: "Parameter value is not valid",
        131016: "Service unavailable", 131021: "Recipient cannot be sender", 131026: "Message undeliverable",
        131047: "Re-engagement message",
        131051: "Unsupported message type", 131056: "(Business Account, Consumer Account) pair rate limit hit",
        132000: "Number of parameters does not match the expected number of params",
        132001: "Template does not exist in the translation", 132012: "Parameter format does not match format in the created template",
        132018: "There's an issue with the parameters in your template", 131031: "Business Account locked", 131041: "Group unknown",
        131053: "Media upload error",
        131064: "Account limited for template misclassification", 368: "Temporarily blocked for policies violations",
        2500: "Unknown path components", 2388293: "Too many variables for the template's length",
        131048: "Spam rate limit hit", 131050: "User has stopped marketing messages",
        131057: "Business Account is in maintenance mode", 132015: "Template is paused", 132016: "Template is disabled",
        133005: "Two step verification PIN mismatch", 133006: "Phone number re-verification needed",
        133016: "Account register deregister rate limit exceeded",
        134100: "Only marketing messages are supported", 136025: "Verify code error", 133010: "Phone number not registered",
        2388299: "Variables can't be at the start or end of the template",
    ]

    var title: String { Self.titles[code] ?? "Error" }

    var status: HTTPResponse.Status {
        switch code {
        case 0, 104, 190: .unauthorized
        case 3, 131000, 131057: .internalServerError
        case 131016: .internalServerError
        case 10, 200...299, 368: .forbidden
        case 4, 17, 80007, 130429: .tooManyRequests
        case 803: .notFound
        default: .badRequest
        }
    }

    func body(trace: String) -> JSONValue {
        var error: [String: JSONValue] = [
            "message": .string(subcode == nil ? "(#\(code)) \(title)" : details),
            "type": "OAuthException",
            "code": .integer(Int64(code)),
            "error_data": ["messaging_product": "whatsapp", "details": .string(details)],
            "fbtrace_id": .string(trace),
        ]
        if let subcode { error["error_subcode"] = .integer(Int64(subcode)) }
        return ["error": .object(error)]
    }

    /// As it stands in a `failed` status.
    var inStatus: JSONValue {
        [
            "code": .integer(Int64(code)), "title": .string(title), "message": .string(title), "error_data": ["details": .string(details)],
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        ]
    }
}
