import AccountContract
import Foundation
import GraphAPI
import RPCContract
import RPCTransport
import TemplateContract
import Vocabulary

/// Takes a request to send: checks it, has the template composed, chooses the number, queues it.
struct MessageDesk: Sendable {
    let accounts: AccountStore
    let outbox: Outbox
    let statuses: Statuses
    let templates: RPCClient
    /// Told when a number has new work.
    let senders: Senders

    func send(_ params: SendMessage.Params, _ call: RPCCall) async throws -> SendMessage.Reply {
        let workspace = call.workspace
        var asked = params
        // The number chosen and the priority do not make it another message.
        asked.account = nil
        asked.priority = nil
        let request = try JSON.text(asked, sorted: true)
        if let known = try await outbox.known(params.requestKey, request, workspace: workspace) { return known }
        let contact = ContactID(params.to).isBSUID ? ContactID(params.to) : PhoneNumber.normalise(params.to) ?? ContactID(params.to)
        let route = try await route(contact, asked: params.account, workspace: workspace)
        let draft = Outbox.Draft(
            workspace: workspace,
            requestKey: params.requestKey,
            request: request,
            account: route.account.phoneNumberID,
            to: contact,
            content: try await content(params, workspace),
            replyTo: params.replyTo,
            priority: params.priority ?? 100,
            reason: route.reason
        )
        let reply = try await outbox.enqueue(draft)
        senders.nudge(draft.account)
        return reply
    }

    func route(_ contact: ContactID, asked: PhoneNumberID?, workspace: String) async throws -> Route {
        let sticky = try await statuses.sticky(contact, workspace: workspace)
        return try Route.choose(for: contact, among: accounts.accounts(of: workspace), asked: asked, sticky: sticky)
    }

    private func content(_ params: SendMessage.Params, _ workspace: String) async throws(Fault) -> OutboundMessage.Content {
        if let text = params.text { return .text(body: text.body, previewURL: text.previewURL ?? false) }
        guard let template = params.template else { throw Fault(.params, "Give either text or template.", path: "text") }
        do {
            let composed = try await templates.call(
                ComposeTemplate.self,
                ComposeTemplate.Params(name: template.name, language: template.language, variables: template.variables),
                meta: CallMeta(workspace: workspace)
            )
            return .template(name: composed.name, language: composed.language, components: composed.components)
        } catch {
            let own: [FaultCode] = [.templateUnknown, .variableMissing, .templateNotApproved]
            guard own.contains(error.code) else { throw error }
            throw Fault(.templateRefused, error.message, path: error.path.map { "template.\($0)" } ?? "template")
        }
    }
}
