import AccountContract
import RPCContract
import RPCTransport
import TemplateContract

/// Asks whether a plan's templates can be sent to the people of a file, before the file is uploaded.
///
/// account-router asks the same, once the file is there.
struct TemplateQuestion {
    let connection: Connection
    let plan: PlanCampaign.Params

    /// An answer that takes longer is not waited for: account-router asks again.
    private static let patience = Duration.seconds(5)

    /// - Throws: where no row of the file can become a message.
    func ask(about people: PeopleFile, named file: String) async throws(Trouble) {
        // Where template-service is away for a while, the plan is taken and waits for it.
        guard (try? connection.reach(TemplateContract.self)) != nil else { return }
        let client = connection.client(TemplateContract.self)
        let answer: Result<Void, Trouble>
        do throws(Trouble) { answer = .success(try await ask(client, people, file)) } catch { answer = .failure(error) }
        await client.close()
        try answer.get()
    }

    private func ask(_ client: RPCClient, _ people: PeopleFile, _ file: String) async throws(Trouble) {
        if let experiment = plan.experiment {
            let asked = AssignExperiment.Params(name: experiment, contacts: [])
            let reply = try await call(client, AssignExperiment.self, asked, at: "experiment")
            for template in reply?.templates ?? [] { _ = try await compose(client, template, at: "experiment") }
        }
        var replies: [ComposeTemplateBatch.Reply] = []
        if let template = plan.template, let reply = try await compose(client, template, for: people, at: "template") {
            replies.append(reply)
        }
        if let cautious = plan.cautious, let reply = try await compose(client, cautious, at: "cautious") { replies.append(reply) }
        guard let problem = Self.problem(replies, given: plan.variables ?? [:], file: file) else { return }
        throw Trouble(Spoken.text(problem))
    }

    /// What keeps every row of a file from becoming a message of the first template; nil where nothing does.
    ///
    /// - Parameter replies: of the template, composed for one row that has something in each column, and of the cautious one.
    static func problem(_ replies: [ComposeTemplateBatch.Reply], given variables: [String: String], file: String) -> String? {
        guard let template = replies.first else { return nil }
        let known = Set(replies.flatMap(\.variables)).sorted()
        if let unknown = UnknownVariable(among: variables.keys, of: template.name, with: known) { return "--var: \(unknown.words)" }
        return template.problems["0"].map {
            "\(file) fills no \(template.name): \($0) (a column fills the variable that is spelt as it is, and --var one for everybody)"
        }
    }

    /// A template for nobody yet, or for one row that has something in each column of a file.
    private func compose(
        _ client: RPCClient, _ name: String, for people: PeopleFile? = nil, at path: String
    ) async throws(Trouble) -> ComposeTemplateBatch.Reply? {
        let columns = people?.columns ?? []
        let asked = ComposeTemplateBatch.Params(
            name: name, language: plan.language, common: plan.variables ?? [:], variables: columns,
            rows: people == nil ? [] : [columns.map { _ in "…" }])
        return try await call(client, ComposeTemplateBatch.self, asked, at: path)
    }

    /// nil where the answer says nothing of the template: account-router will know.
    private func call<M: RPCMethod>(
        _ client: RPCClient, _ method: M.Type, _ params: M.Params, at path: String
    ) async throws(Trouble) -> M.Reply? {
        do throws(Fault) {
            return try await client.call(method, params, meta: connection.meta, deadline: Self.patience)
        } catch {
            let own: [FaultCode] = [.templateUnknown, .templateNotApproved, .experimentUnknown, .languageNeeded]
            guard own.contains(error.code) else { return nil }
            throw Trouble(Fault(error.code, error.message, path: error.code == .languageNeeded ? "language" : path))
        }
    }
}
