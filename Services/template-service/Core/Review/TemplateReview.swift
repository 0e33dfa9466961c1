import GraphAPI
import Logging
import RPCContract
import TemplateContract
import Vocabulary

/// Takes templates to Meta for review.
struct TemplateReview: Sendable {
    let store: TemplateStore
    let graph: GraphClient
    let accounts: OwnAccounts
    let logger: Logger
    let turns = SubmissionTurns()

    /// Of two at once the second finds what the first has filed.
    func submit(_ params: SubmitReview.Params, workspace: String) async throws -> ReviewStatus.Reply {
        let template = try await store.find(params.name, params.language, workspace: workspace).template
        return try await turns.take(template.id) { try await submitInTurn(params, workspace: workspace) }
    }

    /// Asks Meta first: what it has of the template counts more than what is known here.
    private func submitInTurn(_ params: SubmitReview.Params, workspace: String) async throws -> ReviewStatus.Reply {
        let entry = try await store.find(params.name, params.language, workspace: workspace)
        guard let account = params.wabaID ?? entry.wabaID else { throw Self.homeless(entry.template) }
        // Before Meta is asked: its answer would tell of another workspace's templates.
        try await accounts.check(account, workspace: workspace)
        switch entry.template.review {
        case .pending, .approved, .paused:
            if let filed = entry.wabaID, filed != account {
                throw Fault(
                    .reviewRefused,
                    "\(params.name) is filed with the account \(filed), and a template belongs to one account; give it another name there.",
                    path: "wabaID")
            }
        case .draft, .rejected, .disabled: break
        }
        switch Filing(of: entry, in: account, found: try await found(entry, in: account)) {
        case .known(let event): try await store.adopt(entry, event, in: account)
        case .taken: throw Self.taken(entry.template)
        case .new: try await file(entry, in: account)
        case .again:
            try await store.forget(entry.template.id, after: entry.template.review)
            try await file(entry, in: account, after: .draft)
        }
        return Self.status(try await store.find(params.name, params.language, workspace: workspace))
    }

    private func found(_ entry: TemplateStore.Entry, in account: WABAID) async throws -> MetaTemplate? {
        do throws(GraphClient.Failure) {
            return try await graph.template(entry.template.name, entry.template.language, in: account).map { MetaTemplate($0) }
        } catch {
            throw Self.fault(error, account, isAtMeta: entry.isAtMeta, isQuestion: true)
        }
    }

    /// - Parameter old: where the review stands; as the entry has it where nothing is said.
    private func file(_ entry: TemplateStore.Entry, in account: WABAID, after old: Template.Review? = nil) async throws {
        let answer: JSONValue
        try await store.file(entry.template.id, in: account)
        do throws(GraphClient.Failure) {
            answer = try await graph.createTemplate(TemplateComposer.definition(entry.template), in: account)
        } catch {
            // It stays with the account that has it; where nobody knows what Meta has done, its word will tell.
            if case .refused(let refusal) = error, refusal.errorClass == .never {
                try await store.takeBack(entry, from: account)
            }
            throw Self.fault(error, account, isAtMeta: entry.isAtMeta)
        }
        let review: Template.Review =
            switch answer["status"]?.string {
            case "APPROVED": .approved
            case "REJECTED": .rejected
            default: .pending
            }
        try await store.setReview(
            entry.template.id, after: old ?? entry.template.review, review, reason: nil, metaID: answer["id"]?.text)
    }

    static func homeless(_ template: Template) -> Fault {
        Fault(.params, "\(template.name) has not been submitted yet; `wabaID` says in which account Meta creates it.", path: "wabaID")
    }

    /// Meta keeps what it has: submitting it once more, or making it anew under its name, changes nothing.
    static func taken(_ template: Template) -> Fault {
        let words =
            "Meta has another text of \(template.name) in \(template.language) and keeps it. This one needs another name: make it with template.create under that name; template.delete removes it here under this one."
        return Fault(.reviewRefused, words, path: "name")
    }

    static func status(_ entry: TemplateStore.Entry) -> ReviewStatus.Reply {
        ReviewStatus.Reply(
            name: entry.template.name,
            language: entry.template.language,
            review: entry.template.review,
            reason: entry.template.reviewReason,
            metaID: entry.metaID
        )
    }

    /// - Parameters:
    ///   - isAtMeta: whether Meta has taken the template before.
    ///   - isQuestion: whether Meta was only asked what it has, and not given anything.
    static func fault(_ failure: GraphClient.Failure, _ account: WABAID, isAtMeta: Bool, isQuestion: Bool = false) -> Fault {
        switch failure {
        case .refused(let error):
            let upstream = Fault.Upstream(code: error.code, details: error.details, fbtraceID: error.fbtraceID)
            if error.isMissing {
                let message = "Meta does not know the account \(account), or the token may not see it."
                return Fault(.reviewRefused, message, path: "wabaID", upstream: upstream)
            }
            guard error.errorClass == .never else {
                let words = "Meta cannot take the request now, which says nothing of the template: \(error.details) Submit it again later."
                return Fault(.unavailable, words, retry: .after(.seconds(10)), upstream: upstream)
            }
            guard !isQuestion, isAboutTemplate(error) else {
                let message = "Meta refused the request, not the template: \(error.details) \(nextStep(error)) Then submit it again."
                return Fault(.reviewRefused, message, upstream: upstream)
            }
            let next =
                isAtMeta
                ? "Meta has one of this name from before, so a corrected one needs another name."
                : "To correct it, remove it here with template.delete, make it anew with template.create and submit it again; the new one may have the same name, unless Meta answers that the name is taken."
            let words = "Meta does not take the template: \(error.details) \(next)"
            return Fault(.reviewRefused, words, upstream: upstream)
        case .noAnswer(let failure):
            return Fault(.unavailable, "Meta does not answer: \(failure)", retry: .after(.seconds(10)))
        }
    }

    /// Whether a refusal is about what was submitted; else it is about the token, the account, or something on the way to Meta.
    private static func isAboutTemplate(_ error: GraphError) -> Bool {
        guard let code = error.code else { return false }
        // A code that is not known comes with Meta's own words about what it was given.
        return switch GraphErrorCode.of(code)?.scope {
        case nil, .message, .template: true
        case .number, .account, .token: false
        }
    }

    private static func nextStep(_ error: GraphError) -> String {
        let known = error.code.flatMap { GraphErrorCode.of($0) }
        return known?.nextStep ?? "Look at the address in graph.url and at what stands between this host and Meta."
    }
}
