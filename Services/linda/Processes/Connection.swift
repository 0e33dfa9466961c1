import AccountContract
import ArgumentParser
import Foundation
import Observability
import RPCContract
import RPCTransport
import SandboxContract
import Supervision
import Vocabulary

/// Where the running processes are, and how output is wanted.
struct Connection: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Folder that `linda up` uses.", valueName: "dir"), completion: .directory)
    var dir: String?

    @Option(name: .long, help: ArgumentHelp("Workspace whose rows are seen.", valueName: "name"))
    var workspace: String?

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    @Flag(name: .long, help: "Hide the middle of customers' numbers and e-mail addresses on the screen.")
    var mask = false

    /// An empty folder would be the root: it comes from a variable of a script that is not set.
    static func check(_ dir: String?) throws {
        guard dir?.isEmpty == true else { return }
        throw ValidationError("--dir is empty: name the folder that `linda up` uses, or leave --dir out.")
    }

    func validate() throws {
        try Self.check(dir)
        if json { try checkUnmasked() }
    }

    /// Where the output is JSON or CSV, which have everything: nobody is to think that it hides anything.
    func checkUnmasked() throws {
        guard mask else { return }
        throw ValidationError("--mask hides numbers in tables and sentences; JSON and CSV have them whole. Leave it out.")
    }

    /// The folder that somebody named, if anybody did.
    private var named: NamedFolder? { NamedFolder(option: dir) }

    var runDirectory: String {
        if let named { return "\(named.path)/run" }
        let usual = "\(NamedFolder.usual)/run"
        return FileManager.default.fileExists(atPath: usual) ? usual : "/run/linda"
    }

    func client(_ contract: any Contract.Type) -> RPCClient { RPCClient(contract, in: runDirectory, name: "linda") }

    /// Fails at once where nothing listens: a call would wait for whoever is being started again.
    func reach(_ contract: any Contract.Type) throws {
        let path = "\(runDirectory)/\(contract.process).sock"
        guard let problem = UnixSocket.problem(path) else { return }
        let files = FileManager.default
        guard let named else {
            throw Trouble(
                """
                \(contract.process) does not run: \(path): \(problem).
                `linda up --sandbox` starts everything in ./\(NamedFolder.usual), `systemctl start linda.target` what is installed; \
                --dir or the environment variable LINDA_DIR names another folder.
                """)
        }
        if let problem = named.problem { throw Trouble(problem) }
        let mode = StackCredentials(in: named.path).areReal ? "" : " --sandbox"
        let start = "`linda up\(mode) --dir \(named.path)` starts everything there."
        guard !files.fileExists(atPath: runDirectory) else {
            throw Trouble(
                """
                \(contract.process) does not run in the folder \(named.path), which \(named.source) names: \(path): \(problem).
                \(start)
                """)
        }
        if let beneath = named.usualBeneath {
            throw Trouble("Nothing was started in \(named.path), which \(named.source) names, but in \(beneath): name that one.")
        }
        let what = files.fileExists(atPath: named.path) ? "has no folder run: nothing was started in it" : "does not exist"
        throw Trouble("The folder \(named.path), which \(named.source) names, \(what).\n\(start)")
    }

    func call<M: RPCMethod>(_ contract: any Contract.Type, _ method: M.Type, _ params: M.Params) async throws -> M.Reply {
        try reach(contract)
        let client = client(contract)
        do throws(Fault) {
            let reply = try await client.call(method, params, meta: meta)
            await client.close()
            return reply
        } catch {
            await client.close()
            guard error.code == .deadline else { throw Trouble(error) }
            throw Trouble("\(Trouble(error))\n\(Self.silence(of: contract.process, in: named?.path))")
        }
    }

    /// What to do about a process that takes calls and answers none.
    ///
    /// - Parameter folder: that `linda up` uses; nil where it is not known to.
    static func silence(of process: String, in folder: String?) -> String {
        let start =
            folder.map { "stop the `linda up` of \($0) with Ctrl-C and start it again: what it prints tells more." }
            ?? "`systemctl restart linda-\(process)` starts it anew; `journalctl -u linda-\(process)` has what it said."
        return "It is there, but busy or stuck. `linda status` tells how the others are; if it stays like this, \(start)"
    }

    /// What the processes take for now: on a sandbox with a virtual clock that is another time than this program's.
    func now() async -> Timestamp {
        guard FileManager.default.fileExists(atPath: "\(runDirectory)/\(SandboxContract.process).sock") else { return Date().timestamp }
        let virtual = try? await call(SandboxContract.self, SandboxSetClock.self, .init())  // without one, time passes as it does
        return virtual?.now ?? Date().timestamp
    }

    var meta: CallMeta { CallMeta(workspace: workspace, actor: "cli:\(NSUserName())") }

    /// A customer as the screen shows them.
    func shown(_ contact: ContactID) -> String { mask ? Redacted.phone(contact.rawValue) : contact.spelled }

    /// A customer's e-mail address as the screen shows it.
    func shownEmail(_ email: String) -> String { mask ? Redacted.email(email) : email }

    /// A customer's name as the screen shows it, which may be their number or address where nobody knows another.
    func shownName(_ name: String) -> String {
        guard mask else { return name }
        let digits = name.filter(\.isNumber)
        if digits.count > 6, name.allSatisfy({ $0.isNumber || "+-(). ".contains($0) }) { return Redacted.phone(digits) }
        guard name.contains("@") else { return name }
        return name.split(separator: " ").map { $0.contains("@") ? Redacted.email(String($0)) : String($0) }.joined(separator: " ")
    }

    /// A sentence about customers as the screen shows it.
    func shownText(_ text: String) -> String {
        guard mask else { return text }
        // The id of a message has the customer's number in it.
        return text.replacing(/wamid\.[A-Za-z0-9+\/=_-]+/) { "wamid.…\($0.output.suffix(6))" }
            .replacing(/(?:\+[0-9]{1,4} )?[0-9]{5,}/) { Redacted.phone($0.output.filter(\.isNumber)) }
            .replacing(/[^\s,:]+@[^\s,:]+/) { Redacted.email(String($0.output)) }
    }

    func numbers() async throws -> [Account] { try await call(AccountContract.self, ListAccounts.self, Nothing()).items.map(\.account) }

    /// How the business numbers are shown, by Meta's ids; the ids themselves where account-router does not answer.
    ///
    /// - Parameter ids: whether the id stands behind the number.
    func shownNumbers(ids: Bool = false) async -> (PhoneNumberID) -> String {
        let accounts = (try? await numbers()) ?? []  // what is shown besides is there without it
        let names = Dictionary(accounts.map { ($0.phoneNumberID, ids ? "\($0.spelled) (\($0.phoneNumberID))" : $0.spelled) }) { first, _ in
            first
        }
        return { names[$0] ?? $0.rawValue }
    }

    /// A business number by Meta's id, by its digits or by the name that customers see.
    func number(_ text: String) async throws -> PhoneNumberID {
        let accounts = try await numbers()
        if let found = accounts.first(where: { $0.phoneNumberID.rawValue == text }) { return found.phoneNumberID }
        let digits = text.filter(\.isNumber)
        let isNumber = text.allSatisfy { $0.isNumber || "+-(). ".contains($0) }
        let found = accounts.filter {
            isNumber && $0.displayPhoneNumber.filter(\.isNumber) == digits || $0.displayName.lowercased() == text.lowercased()
        }
        guard found.count <= 1 else {
            let ids = found.map { "\($0.phoneNumberID) (\($0.displayPhoneNumber))" }.joined(separator: ", ")
            throw Trouble("Several numbers are called \(text): \(ids). Give one by its digits or its id.")
        }
        if let found = found.first { return found.phoneNumberID }
        guard isNumber else {
            let hint = NearestName.of(text, among: accounts.map(\.displayName)).map { "; did you mean \($0)?" } ?? ";"
            throw Trouble("No number is called \(text)\(hint) linda accounts lists all.")
        }
        // Not configured here: the process says so, with what to do.
        return PhoneNumberID(text)
    }

    /// A business number that is configured here, named in the same ways.
    func account(_ text: String) async throws -> Account {
        try await call(AccountContract.self, GetAccount.self, AccountReference(try await number(text)))
    }

    /// Prints the value as JSON where that was asked for, else as the caller wants it.
    func show(_ value: some Encodable, _ human: () -> Void) throws {
        if json { Swift.print(try JSON.pretty(value)) } else { human() }
    }
}

extension Account {
    /// Its phone number as every screen shows it, however it was given.
    var spelled: String { PhoneNumber.normalise(displayPhoneNumber)?.spelled ?? displayPhoneNumber }

    /// How the number stands, in the one word that every screen has: until it is registered that comes first, as nothing goes out.
    var condition: String { link == .registered ? health.rawValue : link.rawValue }

    /// That another number has the same name, for whoever has just given it; nil where none has.
    func namesake(among known: [Account]) -> String? {
        let name = displayName.lowercased()
        let other = known.first { $0.phoneNumberID != phoneNumberID && $0.displayName.lowercased() == name }
        guard let other else { return nil }
        return "\(other.spelled) is called \(other.displayName), too: name these numbers by their digits or ids"
    }
}

/// A fault as a person reads it.
struct Trouble: Error, CustomStringConvertible {
    var description: String

    init(_ fault: Fault) {
        let place = fault.path.map { " (at \(Spoken.field($0)))" } ?? ""
        description = "\(Spoken.text(fault.message))\(place) [\(fault.code.reason) \(fault.code.number)]"
    }

    init(_ description: String) {
        self.description = description
    }

    /// What is wrong with lines of a file, of many the first, and what came of it.
    init(lines: [String], _ outcome: String) {
        let more = lines.count > 20 ? ["… and \(lines.count - 20) more"] : []
        self.init((lines.prefix(20) + more + [outcome]).joined(separator: "\n"))
    }
}
