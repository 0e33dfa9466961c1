import AccountContract
import Foundation
import GatewayContract
import HTTPClient
import RPCContract
import SandboxContract
import Supervision
import Support
import Testing
import Vocabulary

/// The operator's program, run as the operator runs it.
@Suite(.timeLimit(.minutes(3))) struct CommandLineTests {
    struct Result {
        var status: Int32
        var output: String
        var error: String
    }

    /// A run of the program, its two outputs in files.
    struct Run {
        var pid: pid_t = 0
        let folder: String

        private let errorPath: String

        /// - Parameters:
        ///   - error: where standard error goes; a file of its own where nothing is said.
        ///   - environment: variables besides the test's own.
        ///   - input: what comes in; nothing else than the test's own where nothing is said.
        init(_ arguments: [String], error: String? = nil, environment: [String: String] = [:], input: String? = nil) throws {
            folder = try Machine.temporaryFolder()
            errorPath = error ?? "\(folder)/error"
            let words = ["\(Machine.programs)/linda"] + arguments
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            for (descriptor, path) in [(Int32(1), "\(folder)/output"), (2, errorPath)] {
                posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT, 0o600)
            }
            if let input {
                try input.write(toFile: "\(folder)/input", atomically: true, encoding: .utf8)
                posix_spawn_file_actions_addopen(&actions, 0, "\(folder)/input", O_RDONLY, 0)
            }
            let argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
            let own = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("LINDA_") }
            let variables = own.merging(environment) { _, new in new }.map { "\($0.key)=\($0.value)" }
            let envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
            defer { (argv + envp).forEach { free($0) } }
            // Foundation's Process keeps descriptors of its own, which would be taken for a leak.
            guard posix_spawn(&pid, words[0], &actions, nil, argv, envp) == 0 else {
                throw LindaFixture.Failure(description: "\(words[0]) cannot be run")
            }
        }

        var output: String { get throws { try String(contentsOfFile: "\(folder)/output", encoding: .utf8) } }

        func end() throws -> Result {
            var status: Int32 = 0
            waitpid(pid, &status, 0)
            defer { try? FileManager.default.removeItem(atPath: folder) }  // nothing is looked for there
            let error = errorPath == "/dev/full" ? "" : try String(contentsOfFile: errorPath, encoding: .utf8)
            return Result(status: (status >> 8) & 0xFF, output: try output, error: error)
        }
    }

    private func linda(_ arguments: String..., in fixture: LindaFixture? = nil) throws -> Result {
        try Run(arguments + (fixture.map { ["--dir", $0.stack.options.directory] } ?? [])).end()
    }

    @Test func everyNounAnswersInTextAndJSON() async throws {
        try await LindaFixture.run { fixture in
            try await fixture.addNumbers()
            let status = try linda("status", in: fixture)
            #expect(status.status == 0)
            #expect(status.output.contains("gateway") && status.output.contains("running"))
            #expect(try JSON.decode(JSONValue.self, from: linda("status", "--json", in: fixture).output)["processes"]?.array?.count == 7)
            #expect(try linda("accounts", in: fixture).output.contains("Lucky Shrub 1"))
            #expect(try JSON.decode(JSONValue.self, from: linda("accounts", "--json", in: fixture).output)["items"]?.array?.count == 2)
            #expect(try linda("templates", "create", "news", "--body", "Hi {{name|you}}, see you.", in: fixture).status == 0)
            #expect(try linda("templates", "render", "news", "--var", "name=Asha", in: fixture).output == "Hi Asha, see you.\n")
            let check = try linda("templates", "check", "Hi {{name", in: fixture)
            #expect(check.status == 1 && check.output.contains("1:4:"))
            let wrong = try linda("templates", "create", "more", "--body", "Hi {{name", "--footer", "by {{who}}", in: fixture)
            #expect(wrong.status == 1 && wrong.error.split(separator: "\n").count == 3 && wrong.error.contains("1:4: "), "\(wrong)")
            #expect(try linda("contacts", "add", "+919876543210", "Asha Rao", in: fixture).output.hasPrefix("added Asha Rao as "))
            let again = try linda("contacts", "add", "+91 98765 43210", "Asha Rao", in: fixture)
            #expect(again.status == 0 && again.output.hasPrefix("Asha Rao is a contact already, and is as it was"), "\(again)")
            let other = try linda("contacts", "add", "+919876543210", "Vikram", in: fixture)
            #expect(other.status == 1 && other.error.contains("is the number of Asha Rao already"), "\(other)")
            #expect(try linda("contacts", "lookup", "+919876543210", in: fixture).output.contains("Asha Rao"))
            #expect(try linda("contacts", "lookup", "+919876543211", in: fixture).error.contains("linda contacts search finds"))
            #expect(try linda("dead-letters", in: fixture).output == "nothing yet\n")
            #expect(try linda("inbox", in: fixture).status == 0)
            #expect(try linda("inbox", "show", "404", in: fixture).error.contains("no event 404"))
            #expect(try linda("logs", "level", "gateway", "debug", in: fixture).output.contains("it was info"))
            let closed = try linda("send", "+919876543210", "--text", "Hello", in: fixture)
            #expect(closed.status == 1 && closed.error.contains("window_closed"))
        }
    }

    @Test func rpcPrintsResultsAndFaultsAsJSON() async throws {
        try await LindaFixture.run { fixture in
            let right = try linda("rpc", "gateway", "inbox.stats", in: fixture)
            #expect(right.status == 0)
            #expect(try JSON.decode(InboxStatistics.Reply.self, from: right.output).payloads == 0)
            let wrong = try linda("rpc", "account-router", "message.get", #"{"id":5}"#, in: fixture)
            #expect(wrong.status == 1)
            #expect(wrong.output.isEmpty)
            let fault = try JSON.decode(JSONValue.self, from: wrong.error)
            #expect(fault["code"] == -32602)
            #expect(fault["data"]?["path"] == "id")
            #expect(try linda("rpc", "nobody", "x", in: fixture).error.contains("There is no process nobody"))
            #expect(try linda("rpc", "gateway", "inbox.stats", "[]", in: fixture).status == 1)
            let context = try linda("rpc", "gateway", "inbox.stats", #"{"_meta":{"worksapce":"other"}}"#, in: fixture)
            #expect(context.status == 1 && context.error.contains("_meta.worksapce is not known: did you mean workspace?"), "\(context)")
        }
    }

    @Test func namesAreTakenWhereIDsAre() async throws {
        try await LindaFixture.run { fixture in
            try await fixture.addNumbers()
            #expect(try linda("accounts", "health", "lucky shrub 1", in: fixture).output.contains("+91 80 4718 1001"))
            #expect(try linda("accounts", "disable", "918047181001", in: fixture).output.contains("+91 80 4718 1001 is disabled"))
            #expect(try linda("accounts", "enable", "+91 80 4718 1001", in: fixture).output.contains("is enabled"))
            let unknown = try linda("accounts", "health", "Nobody", in: fixture)
            #expect(unknown.status == 1 && unknown.error.contains("Nobody"), "\(unknown)")
            let file = "\(fixture.stack.options.directory)/people.csv"
            try "phone\n+919876543210\nnonsense\n".write(toFile: file, atomically: true, encoding: .utf8)
            // A row that was left out is told by the status, too.
            #expect(try linda("lists", "import", file, "--list", "People", in: fixture).status == 1)
            #expect(try linda("lists", in: fixture).output.contains("People"))
            // Whether there is such a thing comes before whether it is meant.
            let misspelt = try linda("lists", "delete", "Peopel", in: fixture)
            #expect(misspelt.status == 1 && misspelt.error.contains("There is no list Peopel; did you mean People?"), "\(misspelt)")
            let asked = try linda("lists", "delete", "People", in: fixture)
            #expect(asked.status == 1 && asked.error.contains("People (1 member)") && asked.error.contains("say --yes"), "\(asked)")
            for command in [
                ["accounts", "remove", "Lucky Shrub 9"], ["accounts", "unlink", "4711"], ["templates", "delete", "none"],
                ["campaigns", "cancel", "none"], ["keys", "revoke", "none"], ["windows", "delete", "none"],
            ] {
                let unknown = try Run(command + ["--dir", fixture.stack.options.directory]).end()
                #expect(unknown.status == 1 && !unknown.error.contains("--yes"), "\(command): \(unknown)")
            }
            #expect(try linda("lists", "delete", "People", "--yes", in: fixture).status == 0)
            try "phone\n".write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try linda("lists", "import", file, "--list", "Nobody", in: fixture).error.contains("has nobody below them"))
            #expect(try linda("lists", in: fixture).output == "nothing yet\n", "a file that is refused makes no list")
            #expect(try linda("campaigns", "watch", "Spring", in: fixture).error.contains("linda campaigns shows all"))
        }
    }

    @Test func conversationsAndOrdersHaveCommands() async throws {
        try await LindaFixture.run { fixture in
            try await fixture.addNumbers()
            try await fixture.write("मला २ वडापाव पाहिजे", from: "919876543210")
            try await eventually("the answer") { try await !fixture.phone("919876543210").isEmpty }
            try await eventually("the order") { try linda("orders", in: fixture).output.contains("2 × वडापाव") }
            // There are two numbers, and the customer has written to one.
            let shown = try linda("conversations", "show", "+919876543210", in: fixture)
            let stranger = try linda("conversations", "show", "+919876543299", in: fixture)
            #expect(stranger.status == 1 && stranger.error.contains("has no conversation with any of the 2 numbers"), "\(stranger)")
            let answered = try linda("conversations", "answer", "+919876543210", "On its way", in: fixture)
            #expect(answered.status == 0, "\(answered)")
            try await eventually("a person's answer") { try await fixture.phone("919876543210").contains { $0.text == "On its way" } }
            try await eventually("the order waits for nobody") {
                try linda("conversations", "--waiting", in: fixture).output == "nothing yet\n"
            }
            #expect(shown.output.contains("मला २ वडापाव पाहिजे") && shown.output.contains("←"), "\(shown)")
            // Numbers in full, unless they are to be hidden.
            #expect(shown.output.contains("+91 9876543210"))
            let hidden = try linda("conversations", "show", "+919876543210", "--account", "Lucky Shrub 0", "--mask", in: fixture)
            #expect(!hidden.output.contains("9876543210"), "\(hidden)")
            // By the name on WhatsApp or that of our contacts, where it is one person's.
            #expect(try linda("conversations", "show", "asha", in: fixture).output.contains("मला २ वडापाव पाहिजे"))
            let near = try linda("conversations", "show", "Asah", in: fixture)
            #expect(near.status == 1 && near.error.contains("no customer is called so; did you mean Asha?"), "\(near)")
            #expect(try linda("contacts", "add", "+919876543211", "Asha", in: fixture).status == 0)
            let several = try linda("conversations", "show", "Asha", in: fixture)
            let words = "2 customers are called Asha: +91 9876543210, +91 9876543211. Give one's number."
            #expect(several.status == 1 && several.error.contains(words), "\(several)")
            // From a number that no plan of ours has: Meta knows it.
            try await fixture.write("Namaste ji", from: "91981110017")
            #expect(try linda("conversations", "show", "+91 981110017", in: fixture).output.contains("Namaste ji"))
            try await fixture.write("Do you deliver to Baner?", from: "919876543210")
            try await eventually("it waits for a person") {
                try linda("conversations", "--waiting", in: fixture).output.contains("a person")
            }
            #expect(try linda("conversations", "done", "+919876543210", "--account", "Lucky Shrub 0", in: fixture).status == 0)
            #expect(try linda("conversations", "--waiting", in: fixture).output == "nothing yet\n")
        }
    }

    @Test func csvFilesAreImportedWithTheirLineNumbers() async throws {
        try await LindaFixture.run { fixture in
            let file = "\(fixture.stack.options.directory)/people.csv"
            var text = "phone,name\n"
            for n in 0..<4500 { text += n == 4100 ? "broken,x\n" : "+\(919_800_000_000 + n),\"Person, \(n)\"\n" }
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let result = try linda("contacts", "import", file, in: fixture)
            #expect(result.output.contains("4499 added"), "\(result)")
            #expect(result.output.contains("\(file):4102:"), "\(result.output)")
            #expect(result.status == 1)
            // One row without a header is no file without people.
            try "+919876543210,Asha\n".write(toFile: file, atomically: true, encoding: .utf8)
            for command in [["contacts", "import", file], ["lists", "import", file, "--list", "People"]] {
                let bare = try Run(command + ["--dir", fixture.stack.options.directory]).end()
                #expect(bare.status == 1 && bare.error.contains("Put a line above it that names each column"), "\(bare)")
            }
            try Data([0xFF, 0xFE, 0x70, 0x00]).write(to: URL(fileURLWithPath: file))
            #expect(try linda("contacts", "import", file, in: fixture).error.contains("is UTF-16; save it as UTF-8"))
        }
    }

    /// With or without a header, quoted, of Excel's kind; a line that cannot be read may be a STOP, so nothing is taken.
    @Test func proofsAreImportedWholeOrNotAtAll() async throws {
        try await LindaFixture.run { fixture in
            let file = "\(fixture.stack.options.directory)/proofs.csv"
            func run(_ text: String, _ options: String...) throws -> Result {
                try text.write(toFile: file, atomically: true, encoding: .utf8)
                return try Run(["consent", "import", file, "--dir", fixture.stack.options.directory] + options).end()
            }
            let bare = try run("+919876543210,granted,2026-10-01T10:00:00Z,form,https://example.org/4711\n")
            #expect(bare.status == 0 && bare.output.contains("1 changed"), "\(bare)")
            let words = try run("+919876543219,granted,2026-10-01T10:00:00Z,form,asked at the counter, Pune, by Ravi\n")
            #expect(
                words.status == 1 && words.error.contains("a text with a comma stands in quotes"), "what proves it is not cut in silence")
            let national = try run(
                "how;time;Mobile Phone;state\n\"form, paper\";2026-10-01T10:00:00Z;98765 43211;granted\n", "--country-code", "91")
            #expect(national.status == 0 && national.output.contains("1 changed"), "\(national)")
            let wrong = try run(
                "contact,state,time,how\n+919876543212,granted,2026-10-01T10:00:00Z,form\n98765,stopped,2026-10-01T10:00:00Z,form\n+919876543213,stoped,2026-10-01T10:00:00Z,form\n+919876543214,stopped,yesterday,form\n+919876543215,stopped\n+919876543216,stopped,2099-10-01T10:00:00Z,form\n"
            )
            #expect(wrong.status == 1, "\(wrong)")
            for line in 3...7 { #expect(wrong.error.contains("proofs.csv:\(line): "), "\(wrong)") }
            let taken = await fault {
                let consent = try await fixture.call(AccountContract.self, GetConsent.self, .init(contact: "+919876543212"))
                #expect(consent.state == nil, "nothing of it was taken")
            }
            #expect(taken == nil)
        }
    }

    @Test func whatIsNotRunningIsSaid() throws {
        for command in [
            ["status"], ["accounts"], ["send", "+919876543210", "--text", "Hello"], ["rpc", "account-router", "account.list"],
            ["demo"],
        ] {
            let nowhere = try Run(command + ["--dir", "/nonexistent"]).end()
            #expect(nowhere.status == 1 && nowhere.output.isEmpty)
            #expect(nowhere.error.contains("The folder /nonexistent, which --dir names, does not exist"), "\(nowhere)")
            #expect(nowhere.error.contains("linda up --sandbox --dir /nonexistent"), "\(nowhere)")
        }
        let empty = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: empty) }  // what is left of it is the machine's to clean
        #expect(try linda("status", "--dir", empty).error.contains("has no folder run"))
        try FileManager.default.createDirectory(atPath: "\(empty)/run", withIntermediateDirectories: true)
        let stopped = try linda("demo", "--dir", empty)
        #expect(stopped.status == 1 && stopped.error.contains("\(empty)/run/gateway.sock: "), "\(stopped)")
        #expect(try linda("--generate-completion-script", "bash").output.contains("linda"))
        #expect(try linda("up", "--sandbox", "--graph-url", "http://x").status == 64)
    }

    /// A full disk costs the log's lines, and neither the supervisor nor what it looks after.
    @Test func aLogThatCannotBeWrittenEndsNothing() async throws {
        let folder = try Machine.temporaryFolder()
        let up = try Run(["up", "--sandbox", "--port", "0", "--dir", folder], error: "/dev/full")
        var isRunning = true
        defer { if isRunning { kill(up.pid, SIGTERM) } }
        try await eventually("the line that says ready") { try up.output.hasPrefix("ready http://127.0.0.1:") }
        #expect(try linda("status", "--dir", folder).status == 0)
        kill(up.pid, SIGTERM)
        isRunning = false
        #expect(try up.end().status == 0)
        try FileManager.default.removeItem(atPath: folder)
    }

    /// A banned number is the first thing that every surface says, and scripts see it by the status.
    @Test func troubleComesFirstEverywhere() async throws {
        try await LindaFixture.run { fixture in
            try await fixture.addNumbers()
            let number = LindaFixture.numbers[0].rawValue
            func health() async throws -> HTTPResponse {
                try await HTTPClient(connectionsPerHost: 1).perform(HTTPRequest(.get, "\(fixture.stack.address)/healthz"))
            }
            #expect(try linda("status", in: fixture).status == 0)
            #expect(try linda("accounts", "health", number, in: fixture).status == 0)
            #expect(try await health().status == 200)
            let style = Date.FormatStyle(locale: Locale(identifier: "en_US"), timeZone: .gmt).month(.wide).day().year()
            var days = [Date().formatted(style)]
            _ = try await fixture.call(SandboxContract.self, SandboxBan.self, .init(wabaID: LindaFixture.waba, banned: true))
            days.append(Date().formatted(style))
            try await eventually("the ban") { try linda("accounts", "health", number, in: fixture).status == 1 }
            for command in [["status"], ["accounts"], ["accounts", "health", number]] {
                let result = try Run(command + ["--dir", fixture.stack.options.directory]).end()
                #expect(result.output.hasPrefix("! ") && result.output.contains("banned: Meta has disabled the account"), "\(result)")
                #expect(days.contains { result.output.contains("since \($0)") }, "\(result)")
            }
            #expect(try linda("status", in: fixture).status == 1)
            // An answer may be as old as a second and a half.
            try await eventually("a 503") { try await health().status == 503 }
            let response = try await health()
            let text = String(decoding: response.body, as: UTF8.self)
            #expect(text.contains("account-router: numbers") && !text.contains("4718"), "whoever reaches the port learns no number")
            _ = try await fixture.call(SandboxContract.self, SandboxBan.self, .init(wabaID: LindaFixture.waba, banned: false))
            try await eventually("the end of the ban") { try linda("status", in: fixture).status == 0 }
        }
    }

    /// Credentials are made up for the sandbox alone, and what was made up for it is not taken for Meta's.
    @Test func withoutTheSandboxCredentialsMustBeThere() throws {
        let folder = try Machine.temporaryFolder()
        let names = ["meta-app-secret", "meta-verify-token", "graph-token"]
        let first = try linda("up", "--port", "0", "--dir", folder)
        #expect(first.status == 78 && first.output.isEmpty, "\(first)")
        for name in names { #expect(first.error.contains("\(folder)/credentials/\(name)"), "\(first)") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/credentials") == ["admin-key"])
        let up = try Run(["up", "--sandbox", "--port", "0", "--dir", folder])
        kill(up.pid, SIGTERM)
        _ = try up.end()
        try "mine".write(toFile: "\(folder)/credentials/meta-app-secret", atomically: true, encoding: .utf8)
        let second = try linda("up", "--port", "0", "--dir", folder)
        #expect(second.status == 78 && second.error.contains("graph-token") && !second.error.contains("meta-app-secret"), "\(second)")
        try FileManager.default.removeItem(atPath: folder)
    }

    /// What the README tells a newcomer to type.
    @Test func theDemonstrationPlaysOnASandboxThatRuns() async throws {
        let folder = try Machine.temporaryFolder()
        let up = try Run(["up", "--sandbox", "--port", "0", "--dir", folder, "--google-url", "http://127.0.0.1:1"])
        var isRunning = true
        defer { if isRunning { kill(up.pid, SIGTERM) } }
        try await eventually("the line that says ready") { try up.output.hasPrefix("ready http://127.0.0.1:") }
        let second = try linda("up", "--sandbox", "--port", "0", "--dir", folder)
        #expect(second.status == 1 && second.error.contains("another linda up is using this folder"), "\(second)")
        let demo = try linda("demo", "--dir", folder, "--contacts", "40", "--customers", "3", "--json")
        #expect(demo.status == 0, "\(demo.error)")
        kill(up.pid, SIGTERM)
        isRunning = false
        let ended = try up.end()
        #expect(ended.status == 0, "\(ended.error)")
        #expect(ended.error.contains("nothing asks Google yet"))
        let report = try JSON.decode(JSONValue.self, from: demo.output)
        #expect(report["messages"]?["total"] == 40 && report["sandbox"]?["sentTwice"] == 0, "\(demo.output)")
        try FileManager.default.removeItem(atPath: folder)
    }

    /// What is meant is asked where there are two; what changes nothing is no success; a country code is one of a country.
    @Test func aCommandDoesWhatWasMeantOrSaysSo() async throws {
        try await LindaFixture.run { fixture in
            try await fixture.addNumbers()
            for code in ["hi", "en"] {
                #expect(try linda("templates", "create", "multi", "--language", code, "--body", "Hello.", in: fixture).status == 0)
            }
            let unclear = try linda("templates", "delete", "multi", "--yes", in: fixture)
            #expect(unclear.status == 1 && unclear.error.contains("multi exists in en, hi; --language says"), "\(unclear)")
            #expect(
                try linda("templates", "delete", "multi", "--language", "hi", "--yes", in: fixture).output.contains("removed multi (hi)"))
            #expect(try linda("templates", "delete", "multi", "--yes", in: fixture).output.contains("removed multi (en)"))
            let person = "+919876543210"
            #expect(try linda("consent", "record", person, "stopped", in: fixture).status == 0)
            #expect(try linda("consent", "record", person, "granted", in: fixture).error.hasPrefix("Error: the person is stopped"))
            let older = try linda("consent", "record", person, "granted", "--at", "2020-01-01T00:00:00Z", in: fixture)
            #expect(older.status == 1 && older.output.contains("a later statement holds: the person is stopped"), "\(older)")
            #expect(try linda("consent", "record", person, "granted", "--at", "now", in: fixture).status == 0)
            let file = "\(fixture.stack.options.directory)/people.csv"
            try "phone\n9876543210\n".write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try linda("lists", "import", file, "--list", "L", "--country-code", "999", in: fixture).status == 64)
            #expect(try linda("lists", "import", file, "--list", "L", "--country-code", "+91", in: fixture).output.contains("1 member ("))
            // What is not started does not end by being watched.
            try await fixture.addOffer()
            let planned = try linda("campaigns", "plan", "C", "--template", "spring_sale", "--list", "L", in: fixture)
            let watched = try linda("campaigns", "watch", "C", in: fixture)
            #expect(watched.status == 1 && watched.output.contains("planned"), "\(planned) \(watched)")
            // Chosen by a hand, it is no failure; who waits for the number wants to know it.
            #expect(try linda("accounts", "disable", "Lucky Shrub 1", in: fixture).status == 0)
            let status = try linda("status", in: fixture)
            #expect(status.output.hasPrefix("! ") && status.output.contains("is disabled: what is for it waits"), "\(status)")
            #expect(try linda("accounts", "health", "Lucky Shrub 1", in: fixture).status == 1)
        }
    }
}
