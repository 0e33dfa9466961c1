import AccountContract
import RPCContract
import RPCTransport
import TemplateContract

/// Asks whether a plan's templates can be sent, before anything of it is written.
struct TemplateCheck: Sendable {
    let templates: RPCClient

    /// An answer that takes longer is not waited for: whoever plans the campaign asks again.
    private static let patience = Duration.seconds(5)

    /// - Throws: where a template or the experiment does not exist, or a template is not approved or has several languages.
    func check(_ params: PlanCampaign.Params, workspace: String) async throws {
        let meta = CallMeta(workspace: workspace)
        var named: [(name: String, path: String)] = []
        if let template = params.template { named.append((template, "template")) }
        if let cautious = params.cautious { named.append((cautious, "cautious")) }
        if let experiment = params.experiment {
            let asked = AssignExperiment.Params(name: experiment, contacts: [])
            do throws(Fault) {
                let reply = try await templates.call(AssignExperiment.self, asked, meta: meta, deadline: Self.patience)
                for template in reply.templates { named.append((template, "experiment")) }
            } catch {
                return try Self.refuse(error, at: "experiment")
            }
        }
        for (name, path) in named {
            // For nobody yet: the answer is whether there is such a template, and approved.
            let asked = ComposeTemplateBatch.Params(name: name, language: params.language, common: [:], variables: [], rows: [])
            do throws(Fault) {
                _ = try await templates.call(ComposeTemplateBatch.self, asked, meta: meta, deadline: Self.patience)
            } catch {
                return try Self.refuse(error, at: path)
            }
        }
    }

    /// A service that is away comes back, and is asked when the recipients are frozen.
    private static func refuse(_ fault: Fault, at path: String) throws(Fault) {
        let own: [FaultCode] = [.templateUnknown, .templateNotApproved, .experimentUnknown, .languageNeeded]
        guard own.contains(fault.code) else { return }
        throw Fault(.templateRefused, fault.message, path: fault.code == .languageNeeded ? "language" : path)
    }
}
