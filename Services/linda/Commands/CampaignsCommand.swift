import AccountContract
import ArgumentParser
import Foundation
import Observability
import RPCContract
import RPCTransport
import Vocabulary

/// Campaigns: a template to many people.
struct CampaignsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaigns",
        abstract: "Campaigns: plan, start, watch, pause, resume, cancel, retry, results, recurring.",
        discussion: """
            linda campaigns plan "Diwali offer" --template diwali_offer --csv people.csv --budget 5000 --currency INR
            linda campaigns start ID && linda campaigns watch ID
            """,
        subcommands: [
            List.self, Plan.self, Report.self, Start.self, Watch.self, Pause.self, Resume.self, Cancel.self, Retry.self,
            Budget.self, Results.self, Recurring.self,
        ],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List campaigns, newest first.",
            discussion: "What keeps one from going on is told first. On a narrow terminal long names are cut and ids left out.")
        @OptionGroup var connection: Connection
        @Flag(help: "Show the ids on a narrow terminal, too.") var ids = false

        func run() async throws {
            let reply = try await connection.call(AccountContract.self, ListCampaigns.self, ListCampaigns.Params())
            try connection.show(reply) {
                for trouble in List.troubles(reply.items) { TerminalText.print(trouble) }
                List.table(reply.items, ids: ids).print(nothing: "no campaign yet; `linda campaigns plan` makes one")
            }
        }

        static func table(_ campaigns: [Campaign], ids: Bool) -> Table {
            var table = Table("ID", "NAME", "TEMPLATE", "STATE", "CREATED", "WHY")
            (table.cuttable, table.spare) = (["NAME", "TEMPLATE", "WHY"], (ids ? [] : ["ID"]) + ["TEMPLATE", "CREATED", "WHY"])
            for item in campaigns {
                table.add(
                    item.id.rawValue, item.name, ReportPrinter.content(item) ?? "", item.state.rawValue, item.createdAt.asTime,
                    Spoken.text(item.standing ?? item.reason ?? ""))
            }
            return table
        }

        /// Why those that have not ended do not go on, a line each.
        static func troubles(_ campaigns: [Campaign]) -> [String] {
            campaigns.compactMap { campaign in
                guard !campaign.state.hasEnded, let why = campaign.standing ?? campaign.reason, !why.hasPrefix("nobody is due") else {
                    return nil
                }
                return "! \(TerminalText.plain(campaign.name)): \(Spoken.text(why))"
            }
        }
    }

    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Freeze a campaign's recipients and print what would happen; nothing is sent before `start`.")
        @OptionGroup var connection: Connection
        @Argument(help: "The campaign's name.") var name: String
        @Option(help: ArgumentHelp("An approved template.", valueName: "name")) var template: String?
        @Option(help: ArgumentHelp("An experiment whose templates share the recipients, instead of a template.", valueName: "name"))
        var experiment: String?
        @Option(help: ArgumentHelp("The template's language; needed where there are several.", valueName: "code")) var language: String?
        @Option(help: ArgumentHelp("A CSV file of recipients.", valueName: "file"), completion: .file(extensions: ["csv"])) var csv: String?
        @Option(help: ArgumentHelp("A broadcast list, by name or id.", valueName: "list")) var list: String?
        @Option(help: ArgumentHelp("Contacts whose name, e-mail or number has this phrase; \"\" for all.", valueName: "phrase"))
        var contacts: String?
        @Option(help: ArgumentHelp("Put before national numbers of the CSV.", valueName: "digits")) var countryCode: CountryCode?
        @Option(name: .customLong("var"), help: ArgumentHelp("A variable for everybody; repeatable.", valueName: "name=value"))
        var variables: [String] = []
        @Option(
            name: .customLong("account"),
            help: ArgumentHelp("Send from this number only: its id, digits or name; repeatable.", valueName: "number")) var accounts:
            [String] = []
        @Option(help: ArgumentHelp("A template for numbers whose quality is YELLOW, instead of the other.", valueName: "name"))
        var cautious: String?
        @Option(parsing: .unconditional, help: ArgumentHelp("Messages a second at most.", valueName: "n")) var rate: Int?
        @Option(help: ArgumentHelp("A delivery window's name or id.", valueName: "window")) var window: String?
        @Flag(help: "Send it anew at each opening of the window.") var recurring = false
        @Option(help: ArgumentHelp("When to begin, such as 2026-11-30T06:00:00+05:30.", valueName: "time")) var at: String?
        @Option(parsing: .unconditional, help: ArgumentHelp("Stop before more is spent than this.", valueName: "amount"))
        var budget: String?
        @Option(help: ArgumentHelp("The budget's currency: three letters (ISO 4217), such as INR or EUR.", valueName: "code"))
        var currency = Currency.rupee
        @Flag(help: "Go on after the window's deadline. Without this flag, what has not been sent by then is left out.") var late = false
        @Flag(help: "Start as soon as it is planned, where nothing stands in the way.") var start = false
        @Option(help: ArgumentHelp("The same key gives the same campaign.", valueName: "key")) var requestKey: String?

        func validate() throws {
            guard [csv, list, contacts].count(where: { $0 != nil }) == 1 else {
                throw ValidationError("Give exactly one of --csv, --list, --contacts.")
            }
            guard (template == nil) != (experiment == nil) else {
                throw ValidationError("Give exactly one of --template, --experiment.")
            }
        }

        func run() async throws {
            // What is wrong with the options or the template comes before a list is made.
            let asked = try params(list)
            var numbers: [PhoneNumberID] = []
            for account in accounts { numbers.append(try await connection.number(account)) }
            // Another file under the same key is another list, and another campaign: nobody who was taken out is still in it.
            let key = requestKey ?? UUID().uuidString
            let digest = try csv.map { String(FNV1a.hash("\(key)\n\(try TextFile.read($0))"), radix: 36) } ?? ""
            let people = try csv.map(RecipientUpload.read)
            try connection.reach(AccountContract.self)
            // A key that was given may be of a campaign that is there: that one is told, whatever has become of its template.
            if requestKey == nil, let people, let csv {
                try await TemplateQuestion(connection: connection, plan: asked).ask(about: people, named: csv)
            }
            let client = connection.client(AccountContract.self)
            do {
                var list = list
                var leftOut = 0
                if let people {
                    list = try await client.call(
                        CreateBroadcastList.self,
                        CreateBroadcastList.Params(name: "\(String(name.unicodeScalars.prefix(64))) \(digest)", isHidden: true),
                        meta: connection.meta
                    ).id.rawValue
                    let upload = RecipientUpload(client: client, meta: connection.meta, countryCode: countryCode?.digits)
                    let problems = try await upload.run(people, into: list ?? "").problems
                    leftOut = problems.count
                    for problem in problems.prefix(20) {
                        StandardStream.error.write("  line \(problem.line): \(Spoken.text(problem.problem))\n")
                    }
                    if problems.count > 20 { StandardStream.error.write("  … and \(problems.count - 20) more\n") }
                }
                var plan = try params(list)
                plan.accounts = numbers.isEmpty ? nil : numbers
                let campaign = try await client.call(PlanCampaign.self, plan, meta: connection.meta, deadline: .seconds(120))
                let done = try await Watching(client: client, meta: connection.meta).planned(campaign.id.rawValue)
                await client.close()
                let shown = await connection.shownNumbers()
                let typed = window == nil ? at.flatMap(Beginning.zone) : nil
                let zone = if let typed { typed } else { await connection.zone(of: done.campaign) }
                try connection.show(done) { ReportPrinter.print(done, in: zone, shown) }
                // A row that was left out is somebody who gets nothing.
                if ReportPrinter.fellShort(done) || leftOut > 0 { throw ExitCode(1) }
            } catch let fault as Fault {
                await client.close()
                throw Trouble(fault)
            }
        }

        private func params(_ list: String?) throws -> PlanCampaign.Params {
            var startAt: Timestamp?
            if let at {
                guard let moment = Timestamp(written: at) else {
                    throw Trouble("--at \(at) is not a time that exists. Write it like 2026-11-30T06:00:00+05:30.")
                }
                startAt = moment
            }
            return PlanCampaign.Params(
                name: name, template: template, experiment: experiment, language: language, variables: try Assignment.values(variables),
                cautious: cautious, list: list, contacts: contacts,
                accounts: accounts.isEmpty ? nil : accounts.map { PhoneNumberID($0) }, rate: rate, window: window,
                recurring: recurring ? true : nil, startAt: startAt,
                budget: try budget.map { try Amount.budget($0, currency, unlimited: "leave --budget out") }, late: late ? true : nil,
                start: start ? true : nil,
                requestKey: requestKey ?? "cli:\(UUID().uuidString)")
        }
    }

    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print where a campaign stands and its pre-flight report.")
        @OptionGroup var connection: Connection
        @Argument(help: "The campaign's id, or its name: of several the one that runs, else the latest that was sent.") var id: String

        func run() async throws {
            let progress = try await connection.call(AccountContract.self, CampaignStatus.self, CampaignReference(id))
            ReportPrinter.tellChoice(progress)
            guard !connection.json else { return try connection.show(progress) {} }
            ReportPrinter.print(progress, in: await connection.zone(of: progress.campaign), await connection.shownNumbers())
            await ReportPrinter.printFailures(of: progress, connection)
        }
    }

    struct Watch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a campaign's progress until it has ended or is paused.")
        @OptionGroup var connection: Connection
        @Argument(help: "The campaign's id, or its name: of several the one that runs, else the latest that has not ended.") var id: String

        func run() async throws {
            try connection.reach(AccountContract.self)
            let client = connection.client(AccountContract.self)
            let progress: CampaignProgress
            let told: [String]
            do throws(Fault) { (progress, told) = try await Watching(client: client, meta: connection.meta).ended(id) } catch {
                await client.close()
                throw Trouble(error)
            }
            await client.close()
            if connection.json {
                try connection.show(progress) {}
            } else {
                let zone = await connection.zone(of: progress.campaign)
                // A file gets the report whole, and so does a screen whose bar went elsewhere.
                let isOneScreen = isatty(1) == 1 && isatty(2) == 1
                ReportPrinter.print(progress, in: zone, told: isOneScreen ? told : [], await connection.shownNumbers())
                await ReportPrinter.printFailures(of: progress, connection)
            }
            // Nobody has started it.
            if ReportPrinter.fellShort(progress) || progress.campaign.state == .planned { throw ExitCode(1) }
        }
    }

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Start a planned campaign, or schedule it for its window.")
        @OptionGroup var connection: Connection
        @Argument(help: "The campaign's id, or its name where only one is called so.") var id: String

        func run() async throws { try await change(StartCampaign.self, id, connection) }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Pause a campaign; what is not with Meta yet waits.")
        @OptionGroup var connection: Connection
        @Argument(help: "The campaign's id, or its name where only one is called so.") var id: String

        func run() async throws { try await change(PauseCampaign.self, id, connection) }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Continue a paused campaign exactly where it stood.")
        @OptionGroup var connection: Connection
        @Argument(help: "The campaign's id, or its name where only one is called so.") var id: String

        func run() async throws { try await change(ResumeCampaign.self, id, connection) }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a campaign; what is not with Meta yet is never sent.")
        @OptionGroup var connection: Connection
        @Argument(help: "The campaign's id, or its name where only one is called so.") var id: String
        @Flag(help: "Do it. Without this flag nothing happens.") var yes = false

        func run() async throws {
            guard yes else {
                let campaign = try await connection.call(AccountContract.self, CampaignStatus.self, CampaignReference(id)).campaign
                throw Trouble("What has not been sent of \(campaign.name) will never be sent; say --yes to cancel it.")
            }
            try await change(CancelCampaign.self, id, connection)
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write to failed recipients again, where that makes sense.")
        @OptionGroup var connection: Connection
        @Argument(help: "The campaign's id, or its name where only one is called so.") var id: String
        @Option(name: .customLong("code"), help: ArgumentHelp("Only failures with this code of Meta's; repeatable.", valueName: "n"))
        var codes: [Int] = []
        @Flag(help: "Also where nobody knows whether Meta has sent it: it may come twice.") var unclear = false

        func run() async throws {
            let params = RetryCampaign.Params(id: id, codes: codes.isEmpty ? nil : codes, unclear: unclear ? true : nil)
            let reply = try await connection.call(AccountContract.self, RetryCampaign.self, params)
            let progress = try await connection.call(AccountContract.self, CampaignStatus.self, CampaignReference(id))
            try connection.show(reply) { for line in Retry.words(reply, progress) { print(line) } }
            if reply.left > 0, !connection.json { await ReportPrinter.printFailures(of: progress, connection) }
            // Of other codes nobody asked for anything.
            if reply.left > 0, codes.isEmpty { throw ExitCode(1) }
        }

        /// Who is written to again, and who is not.
        static func words(_ reply: RetryCampaign.Reply, _ progress: CampaignProgress) -> [String] {
            let id = progress.campaign.id
            let due = reply.notBefore.map { ", the last of them not before \($0.asTime)" } ?? ""
            let again = "\(Spoken.count(reply.retried, "recipient")) \(reply.retried == 1 ? "is" : "are") written to again"
            var lines = ["\(again)\(reply.retried > 0 ? due : ""), \(reply.left) \(reply.left == 1 ? "stays" : "stay") failed"]
            if let unclear = reply.unclear {
                lines.append(
                    "\(unclear) of those that stay failed \(unclear == 1 ? "was" : "were") left out, as nobody knows whether Meta has sent the message; linda campaigns retry \(id) --unclear writes to them, too, and it may come twice"
                )
            }
            if let unknown = progress.counts["unknown"] {
                lines.append(
                    "\(unknown) more have not failed: Meta has not said whether it took the message, and nobody can retry it before")
            }
            if progress.campaign.state == .paused, reply.retried > 0 {
                lines.append("The campaign is paused; linda campaigns resume \(id) continues it.")
            }
            return lines
        }
    }

    struct Budget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a campaign another budget; what was spent counts towards it.")
        @OptionGroup var connection: Connection
        @Argument(help: "The campaign's id, or its name where only one is called so.") var id: String
        @Argument(help: "The amount, or none to lift the limit.") var amount: String
        @Option(help: ArgumentHelp("Its currency: three letters (ISO 4217), such as INR or EUR.", valueName: "code"))
        var currency = Currency.rupee

        func run() async throws {
            let budget = amount == "none" ? nil : try Amount.budget(amount, currency, unlimited: "none")
            let campaign = try await connection.call(
                AccountContract.self, SetCampaignBudget.self, SetCampaignBudget.Params(id: id, budget: budget))
            let progress = try await connection.call(AccountContract.self, CampaignStatus.self, CampaignReference(campaign.id))
            let problems = Budget.problems(progress)
            try connection.show(campaign) {
                let spent = progress.spent.map { "\($0) is spent or on its way" }
                print((["\(campaign.name) may cost \(budget?.description ?? "anything")"] + spent).joined(separator: ", of which about "))
                for problem in problems { print("! \(Spoken.text(problem))") }
                if campaign.state == .paused, problems.isEmpty { print("linda campaigns resume \(campaign.id) continues it") }
            }
            // It would not be kept, and nothing goes out with it.
            if !problems.isEmpty { throw ExitCode(1) }
        }

        /// Why nothing more goes out with a campaign's budget: it cannot be kept, or is spent already.
        static func problems(_ progress: CampaignProgress) -> [String] {
            let blockers = (progress.report?.blockers ?? []).filter { $0.hasPrefix("the budget cannot be kept") }
            let told = [progress.campaign.standing, progress.campaign.reason].compactMap(\.self)
            return blockers + told.filter { $0.hasPrefix("the budget is used up") }.prefix(1)
        }
    }

    struct Results: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the outcome of every recipient as CSV.")
        @OptionGroup var connection: Connection
        @Argument(help: "The campaign's id, or its name: of several the one that runs, else the latest that was sent.") var id: String

        func validate() throws { try connection.checkUnmasked() }

        func run() async throws {
            // Another of its name may be planned meanwhile.
            let progress = try await connection.call(AccountContract.self, CampaignStatus.self, CampaignReference(id))
            ReportPrinter.tellChoice(progress)
            // Spreadsheets know UTF-8 by its mark; on a terminal it would be seen.
            if isatty(1) == 0 { StandardStream.output.write("\u{FEFF}") }
            var cursor: PageCursor<CampaignResults>?
            repeat {
                let params = CampaignResults.Params(id: progress.campaign.id.rawValue, limit: 5000, cursor: cursor)
                let reply = try await connection.call(AccountContract.self, CampaignResults.self, params)
                StandardStream.output.write(reply.csv)
                cursor = reply.next
            } while cursor != nil
        }
    }

    private static func change<M: RPCMethod>(_ method: M.Type, _ id: String, _ connection: Connection) async throws
    where M.Params == CampaignReference, M.Reply == Campaign {
        let campaign = try await connection.call(AccountContract.self, method, CampaignReference(id))
        try connection.show(campaign) {
            print("\(campaign.name) is \(campaign.state.rawValue)\(campaign.reason.map { ": \(Spoken.text($0))" } ?? "")")
        }
    }
}
