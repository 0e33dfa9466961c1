import RPCContract
import SandboxContract
import Vocabulary

/// How many Graph calls accounts make.
extension MetaWorld {
    enum CallKind: String, CaseIterable { case management = "whatsapp_business_management", messaging = "whatsapp" }

    func set(_ params: SandboxSetCalls.Params) {
        for (kind, limit) in [(CallKind.management, params.management), (.messaging, params.messaging)] {
            if let limit { calls[params.wabaID, default: [:]][kind, default: CallLedger(limit: limit)].limit = limit }
        }
    }

    /// A call about a number or an account: counted, answered unless it is one too many, and what is used by then.
    func call(_ kind: CallKind, _ id: String, _ act: @Sendable (isolated MetaWorld) -> Answer) -> (Answer, usage: String) {
        if let refusal = charge(kind, id) { return (.refused(refusal), usage(id)) }
        return (act(self), usage(id))
    }

    private func charge(_ kind: CallKind, _ id: String) -> MetaError? {
        let waba = account(id)
        if calls[waba]?[kind] == nil {
            // Messages have limits of their own; calls count only where a test wants them to.
            guard kind == .management else { return nil }
            let isRegistered = numbers.values.contains { $0.wabaID == waba && $0.registration == .registered }
            calls[waba, default: [:]][kind] = CallLedger(limit: isRegistered ? 5000 : 200)
        }
        guard calls[waba]?[kind]?.take(at: now) == false else { return nil }
        refusals["80007", default: 0] += 1
        return MetaError(code: 80007, details: "There have been too many calls to this WhatsApp Business account.")
    }

    /// The header that Meta puts on each answer about an account: `x-business-use-case-usage`.
    private func usage(_ id: String) -> String {
        let waba = account(id)
        let uses = CallKind.allCases.compactMap { kind -> JSONValue? in
            guard let usage = calls[waba]?[kind]?.usage(at: now) else { return nil }
            return [
                "type": .string(kind.rawValue), "call_count": .integer(Int64(usage.percent)), "total_cputime": 1, "total_time": 1,
                "estimated_time_to_regain_access": .integer(Int64(usage.minutesToRegain)),
            ]
        }
        return JSON.text([waba.rawValue: .array(uses)])
    }

    private func account(_ id: String) -> WABAID { numbers[PhoneNumberID(id)]?.wabaID ?? WABAID(id) }
}
