import AccountContract
import GRDB
import GraphAPI
import HTTPClient
package import RPCContract
import RPCTransport
package import ServiceKit
import Storage
import TemplateContract
import Vocabulary

/// Assembles template-service.
package enum TemplateProcess: ServiceProcess {
    package static let contract: any Contract.Type = TemplateContract.self

    package static func assemble(_ environment: ServiceEnvironment, _ settings: TemplateSettings) async throws -> Assembly {
        let token = try environment.credentials.follow("graph-token", logger: environment.logger)
        let pool = try environment.openDatabase(TemplateMigrations.migrator)
        let reads = Reads(pool)
        let events = EventLog(reads)
        let store = TemplateStore(reads: reads, events: events, clock: environment.clock, chance: environment.chance)
        let graph = GraphClient(
            http: HTTPClient(connectionsPerHost: 4),
            host: settings.graphURL,
            version: settings.graphVersion,
            token: { token().reveal() }
        )
        let accounts = OwnAccounts(router: environment.client(AccountContract.self))
        let review = TemplateReview(store: store, graph: graph, accounts: accounts, logger: environment.logger)
        let experiments = Experiments(pool: pool, reads: reads, events: events, clock: environment.clock)
        var assembly = Assembly(router: router(store, review, experiments))
        assembly.services = [token]
        assembly.health = [HealthCheck(token)]
        assembly.pool = pool
        assembly.events = events
        assembly.prunes = [Prune("keys of Meta's events") { try await IdempotencyKeys.prune(pool, now: environment.clock.now) }]
        assembly.schema = TemplateMigrations.migrator.migrations.last
        return assembly
    }

    private static func router(_ store: TemplateStore, _ review: TemplateReview, _ experiments: Experiments) -> RPCRouter {
        var router = RPCRouter()
        bind(store, review, &router)
        bindRendering(store, &router)
        bindComposing(store, &router)
        bind(experiments, &router)
        return router
    }

    private static func bind(_ store: TemplateStore, _ review: TemplateReview, _ router: inout RPCRouter) {
        router.on(CreateTemplate.self, rules: TemplateRules.beyondBounds) { params, call in
            if let fault = TemplateRules.fault(TemplateRules.mistakes(params)) { throw fault }
            return try await store.create(params, workspace: call.workspace)
        }
        router.on(GetTemplate.self) { params, call in
            // Asked for each message of a template that was made elsewhere: looking for a name that is near would cost more than it helps.
            try await store.find(params.name, params.language, workspace: call.workspace, isAny: true, hasHint: false).template
        }
        router.on(ListTemplates.self) { params, call in try await store.list(params, workspace: call.workspace) }
        router.on(DeleteTemplate.self) { params, call in
            try await store.delete(params.name, params.language, workspace: call.workspace)
            return Nothing()
        }
        router.on(ValidateTemplate.self) { params, _ in
            let problems = TemplateRules.problems(of: params)
            let variables = TemplateText.parse(params.body).text.variables
            return ValidateTemplate.Reply(valid: problems.isEmpty, problems: problems, variables: variables)
        }
        router.on(SubmitReview.self) { params, call in try await review.submit(params, workspace: call.workspace) }
        router.on(ReviewStatus.self) { params, call in
            TemplateReview.status(try await store.find(params.name, params.language, workspace: call.workspace))
        }
        router.on(RecordTemplateEvent.self) { params, _ in RecordTemplateEvent.Reply(applied: try await store.applyEvent(params)) }
    }

    private static func bindRendering(_ store: TemplateStore, _ router: inout RPCRouter) {
        router.on(RenderTemplate.self) { params, call in
            let entry = try await store.find(params.name, params.language, workspace: call.workspace)
            try check(params.variables.keys, of: entry.template, at: "variables")
            do throws(MissingVariable) {
                let template = entry.template
                return RenderTemplate.Reply(
                    header: try entry.header?.render(params.variables), text: try entry.body.render(params.variables),
                    footer: template.footer, buttons: template.buttons, language: template.language, version: template.version)
            } catch {
                throw missing(error)
            }
        }
        router.on(RenderTemplateBatch.self) { params, call in
            let entry = try await store.find(params.name, params.language, workspace: call.workspace)
            let items = params.recipients.map { recipient in
                do throws(MissingVariable) {
                    return RenderTemplateBatch.Item(id: recipient.id, text: try entry.body.render(recipient.variables), problem: nil)
                } catch {
                    return RenderTemplateBatch.Item(
                        id: recipient.id, text: nil, problem: error.words(given: Array(recipient.variables.keys), of: entry.template))
                }
            }
            return RenderTemplateBatch.Reply(items: items)
        }
    }

    private static func bindComposing(_ store: TemplateStore, _ router: inout RPCRouter) {
        router.on(ComposeTemplate.self) { params, call in
            let entry = try await approved(store, params.name, params.language, workspace: call.workspace)
            try check(params.variables.keys, of: entry.template, at: "variables")
            let components = try TemplateComposer.components(header: entry.header, body: entry.body, variables: params.variables)
                .mapError(missing).get()
            return ComposeTemplate.Reply(
                name: entry.template.name,
                language: entry.template.language,
                version: entry.template.version,
                category: entry.template.category,
                wabaID: entry.wabaID,
                components: components
            )
        }
        router.on(ComposeTemplateBatch.self) { params, call in
            let entry = try await approved(store, params.name, params.language, workspace: call.workspace)
            var reply = ComposeTemplateBatch.Reply(
                name: entry.template.name, language: entry.template.language, version: entry.template.version,
                category: entry.template.category, wabaID: entry.wabaID, variables: entry.template.variables, components: [], problems: [:])
            reply.components.reserveCapacity(params.rows.count)
            for (index, row) in params.rows.enumerated() {
                var variables = params.common
                for (name, value) in zip(params.variables, row) where !value.isEmpty { variables[name] = value }
                switch TemplateComposer.components(header: entry.header, body: entry.body, variables: variables) {
                case .success(let components): reply.components.append(JSON.text(.array(components)))
                case .failure(let missing):
                    reply.components.append("")
                    reply.problems[String(index)] = missing.words(given: params.variables, of: entry.template)
                }
            }
            return reply
        }
    }

    private static func bind(_ experiments: Experiments, _ router: inout RPCRouter) {
        router.on(CreateExperiment.self) { params, call in try await experiments.create(params, workspace: call.workspace) }
        router.on(ExperimentStatus.self) { params, call in try await experiments.get(params.name, workspace: call.workspace) }
        router.on(ListExperiments.self) { _, call in try await experiments.list(workspace: call.workspace) }
        router.on(StopExperiment.self) { params, call in try await experiments.stop(params, workspace: call.workspace) }
        router.on(AssignExperiment.self) { params, call in try await experiments.assign(params, workspace: call.workspace) }
        router.on(RecordExperiment.self) { params, call in
            try await experiments.record(params, workspace: call.workspace)
            return Nothing()
        }
    }

    private static func approved(_ store: TemplateStore, _ name: String, _ language: String?, workspace: String) async throws
        -> TemplateStore.Entry
    {
        let entry = try await store.find(name, language, workspace: workspace)
        guard entry.template.review == .approved else {
            throw Fault(
                .templateNotApproved,
                "\(name) in \(entry.template.language) \(entry.template.standing)."
            )
        }
        return entry
    }

    /// A misspelt name would leave the customer with the default, or with nothing.
    private static func check(_ names: some Collection<String>, of template: Template, at path: String) throws(Fault) {
        guard let unknown = UnknownVariable(among: names, of: template.name, with: template.variables) else { return }
        throw Fault(.variableUnknown, unknown.words, path: "\(path).\(unknown.name)")
    }

    private static func missing(_ variable: MissingVariable) -> Fault {
        Fault(.variableMissing, "The variable \(variable.name) has neither value nor default.", path: "variables.\(variable.name)")
    }
}
