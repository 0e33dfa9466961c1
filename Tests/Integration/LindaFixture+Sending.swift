import AccountContract
import RPCContract
import SandboxContract
import Support
import TemplateContract
import Vocabulary

/// Calls that many tests of sending make.
extension LindaFixture {
    func send(_ params: SendMessage.Params) async throws -> SendMessage.Reply {
        try await call(AccountContract.self, SendMessage.self, params)
    }

    func state(_ message: MessageID) async throws -> Message.State {
        try await call(AccountContract.self, GetMessage.self, .init(message)).state
    }

    func progress(_ campaign: CampaignID) async throws -> CampaignProgress {
        try await call(AccountContract.self, CampaignStatus.self, .init(campaign))
    }

    /// A campaign once its recipients are frozen.
    func planned(_ params: PlanCampaign.Params) async throws -> CampaignProgress {
        let campaign = try await call(AccountContract.self, PlanCampaign.self, params)
        try await eventually("\(params.name) is planned") { try await progress(campaign.id).campaign.state != .planning }
        return try await progress(campaign.id)
    }

    /// Records that contacts have agreed to marketing.
    func grant(_ contacts: [String]) async throws {
        for start in stride(from: 0, to: contacts.count, by: 10_000) {
            let items = contacts[start..<min(start + 10_000, contacts.count)].map {
                RecordConsent.Item(contact: $0, state: .granted, source: "form", proof: "https://example.org/signup")
            }
            _ = try await call(AccountContract.self, RecordConsent.self, .init(items: Array(items)))
        }
    }

    func addOffer() async throws {
        try await addTemplate("spring_sale", body: "Dear {{name}}, our sale begins, come.", category: .marketing)
    }

    static func contacts(_ count: Int, from first: Int64 = 919_800_000_000) -> [String] {
        (0..<count).map { String(first + Int64($0)) }
    }
}

/// The fault that a call ends with, if any.
func fault(_ body: () async throws -> Void) async -> Fault? {
    do {
        try await body()
        return nil
    } catch { return error as? Fault }
}
