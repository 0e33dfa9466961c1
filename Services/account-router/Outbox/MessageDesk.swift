package import AccountContract
import AccountNumbers
import GRDB
package import GraphAPI
import GraphMessages
import RPCContract
import RPCTransport
import TemplateContract
import Vocabulary

/// Takes a request to send: checks it, has the template composed, chooses the number, queues it.
package struct MessageDesk: Sendable {
    let numbers: Numbers
    let routing: Routing
    let outbox: Outbox
    let templates: RPCClient
    let graph: GraphClient
    /// Told when a number has new work.
    let senders: Senders

    func send(_ params: SendMessage.Params, _ call: RPCCall) async throws -> SendMessage.Reply {
        let workspace = call.workspace
        let fingerprint = try params.fingerprint
        let contact = ContactID(written: params.to)
        let (body, fallback): (MessageDraft.Body, MessageDraft.Body?)
        do {
            body = try await self.body(params, workspace)
            fallback = try await self.fallback(params, workspace)
        } catch {
            // A repeated request gets its message, even if it could not be composed any more.
            if let known = try await outbox.known(params.requestKey, fingerprint, workspace: workspace) { return known }
            throw error
        }
        let draft = MessageDraft(
            workspace: workspace,
            requestKey: params.requestKey,
            fingerprint: fingerprint,
            account: "",
            to: contact,
            body: body,
            options: options(params),
            fallback: fallback,
            priority: params.priority ?? 100,
            reason: ""
        )
        return try await queue(draft, asked: params.account)
    }

    /// A failed message's content again, from the number that would be chosen now.
    func retry(_ params: RetryMessage.Params, _ call: RPCCall) async throws -> SendMessage.Reply {
        let fingerprint = MessageDraft.fingerprint(of: "retry of \(params.id)")
        if let known = try await outbox.known(params.requestKey, fingerprint, workspace: call.workspace) {
            return try await dated(known, workspace: call.workspace)
        }
        var draft = try await outbox.failed(params.id, mayBeUnclear: params.unclear == true, workspace: call.workspace)
        draft.requestKey = params.requestKey
        draft.fingerprint = fingerprint
        draft.reason = "sent again after \(params.id) failed"
        return try await dated(queue(draft, asked: nil), workspace: call.workspace)
    }

    /// Adds to a message that is queued again when it may go out: after some failures a day later.
    private func dated(_ reply: SendMessage.Reply, workspace: String) async throws -> SendMessage.Reply {
        guard reply.state == .queued else { return reply }
        var dated = reply
        let due = try await outbox.notBefore(outbox.get(reply.id, workspace: workspace))
        dated.notBefore = due.flatMap { $0 > outbox.now ? $0 : nil }
        return dated
    }

    private func queue(_ draft: MessageDraft, asked: PhoneNumberID?) async throws -> SendMessage.Reply {
        let routing = routing
        var draft = draft
        draft.isAsked = asked != nil
        let request = draft
        let (reply, number) = try await outbox.enqueue(request) { [draft = request] db in
            try routing.route(db, draft.to, draft.body, fallback: draft.fallback, asked: asked, workspace: draft.workspace)
        }
        if let number { senders.nudge(number) }
        return reply
    }

    func markRead(_ params: MarkMessageRead.Params, workspace: String) async throws {
        let account = try numbers.found(params.account, workspace: workspace)
        do throws(GraphClient.Failure) {
            try await graph.markRead(params.wamid, typing: params.typing ?? false, on: account.phoneNumberID)
        } catch {
            throw Fault(error)
        }
    }

    /// Meta's template object around components that are JSON text.
    package static func object(_ name: String, _ language: String, _ components: String) -> String {
        let head = JSON.text(["name": .string(name), "language": ["code": .string(language)]])
        return components == "[]" ? head : "\(head.dropLast()),\"components\":\(components)}"
    }

    /// The options beside the content in Meta's request.
    package func options(_ params: SendMessage.Params) -> OutboundMessage.Options {
        OutboundMessage.Options(
            replyTo: params.replyTo,
            identityKeyHash: params.identityKeyHash,
            marketing: params.marketing.map {
                OutboundMessage.Marketing(productPolicy: $0.productPolicy, activitySharing: $0.activitySharing)
            }
        )
    }

    /// Turns what is asked for into Meta's object; a template is composed by template-service.
    package func body(_ params: SendMessage.Params, _ workspace: String) async throws -> MessageDraft.Body {
        if let content = params.freeForm.first { return try MessageDraft.Body(content) }
        guard let template = params.template else { throw Fault(.params, "Give a content, such as text or template.", path: "text") }
        return try await body(template, "template", workspace)
    }

    /// Turns the fallback template into Meta's object; nil where none was given.
    package func fallback(_ params: SendMessage.Params, _ workspace: String) async throws -> MessageDraft.Body? {
        guard let fallback = params.fallback else { return nil }
        return try await body(fallback, "fallback", workspace)
    }

    /// The category that Meta has filed a template under, where it is known here; a sender cannot make it another.
    ///
    /// Consent goes by the category: marketing that calls itself utility would reach people who never agreed to it.
    private func category(of name: String, _ language: String, _ workspace: String) async throws -> Message.Category? {
        // In another language it is what it is here: Meta has one category for all of them.
        for wanted in [TemplateReference(name: name, language: language), TemplateReference(name: name)] {
            do throws(Fault) {
                let filed = try await templates.call(GetTemplate.self, wanted, meta: CallMeta(workspace: workspace))
                return Message.Category(rawValue: filed.category.rawValue) ?? .marketing
            } catch {
                guard error.code == .templateUnknown else { throw error }
            }
        }
        return nil
    }

    private func body(_ template: SendMessage.Template, _ path: String, _ workspace: String) async throws -> MessageDraft.Body {
        if let components = template.components, let language = template.language, let category = template.category {
            let message = TemplateMessage(name: template.name, language: language, components: components)
            let filed = try await self.category(of: template.name, language, workspace)
            return MessageDraft.Body(type: "template", category: filed ?? category, object: try JSON.text(message))
        }
        do throws(Fault) {
            let composed = try await templates.call(
                ComposeTemplate.self,
                ComposeTemplate.Params(name: template.name, language: template.language, variables: template.variables ?? [:]),
                meta: CallMeta(workspace: workspace)
            )
            let category = Message.Category(rawValue: composed.category.rawValue) ?? .marketing
            return MessageDraft.Body(
                type: "template", category: category,
                object: Self.object(composed.name, composed.language, JSON.text(.array(composed.components))), wabaID: composed.wabaID)
        } catch {
            let own: [FaultCode] = [.templateUnknown, .languageNeeded, .variableMissing, .variableUnknown, .templateNotApproved]
            guard own.contains(error.code) else { throw error }
            throw Fault(.templateRefused, error.message, path: error.path.map { "\(path).\($0)" } ?? path)
        }
    }
}
