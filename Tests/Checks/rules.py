"""The rules of `make check`, each with the smallest change that breaks it and nothing else."""
import dataclasses
import re
import typing


@dataclasses.dataclass
class Case:
    """One rule, how it is broken, and what has to be said of it."""

    check: str
    name: str
    sentence: str
    # By file: its new text, or what makes it of the present one.
    changes: dict[str, str | typing.Callable[[str], str]]
    # The place that has to be named; the first file if empty.
    place: str = ""
    is_committed: bool = False

    def __post_init__(self):
        self.place = self.place or next(iter(self.changes))


def without(part):
    """Takes lines away that match an expression."""
    return lambda text: re.sub(rf"^{part}\n", "", text, flags=re.M)


def instead(old, new):
    return lambda text: text.replace(old, new, 1)


def more(line):
    return lambda text: text + line + "\n"


cases = []
gateway = "Services/gateway/Core/Inbox/Broken.swift"
shared = "Shared/Coordination/Broken.swift"
outbox = "Services/account-router/Outbox/Broken.swift"


def source(name, sentence, path, text, **others):
    cases.append(Case("check-source", name, sentence, {path: f"{text}\n" if isinstance(text, str) else text}, **others))


def module(name, sentence, path, text, **others):
    cases.append(Case("check-modules", name, sentence, {path: f"{text}\n" if isinstance(text, str) else text}, **others))


# Files and who may import whom.
source("a file over 400 lines", "split it by noun (400 at most)", shared, "// A line.\n" * 401)
source("two files of one name", "two files have one name", "Services/template-service/Core/Text/Inbox.swift", "// Another inbox.")
source("Shared imports a Core", "Shared may not import GatewayCore", shared, "import GatewayCore")
source("Shared imports a Contract", "Shared may not import AccountContract", shared, "package import AccountContract")
source("a Contract imports a database", "a Contract may import", "Services/gateway/Contract/Broken.swift", "import GRDB")
source("the command line imports a Core", "it may not import GatewayCore", "Services/linda/Commands/Broken.swift", "import GatewayCore")
for path in (gateway, outbox, "Services/gateway/Daemon/Broken.swift"):
    source(f"{path.split('/')[2]} imports another process's Core", "only a process's own Daemon may import SyncCore", path, "@testable import SyncCore")


# Banned calls.
for code, sentence in (
    ("Task.detached {}", "no detached tasks"),
    ("let one = try! two()", "no try!"),
    ("let one = two as! One", "no forced casts"),
    ('fatalError("")', "no fatalError: raise a fault"),
    ("configuration.eraseDatabaseOnSchemaChange = true", "never erase a database"),
    ("db.afterNextTransaction { _ in }", "work after a commit goes through Database.afterCommit"),
    ("try db.inSavepoint { .commit }", "a savepoint is Database.isolated"),
    ('print("")', "daemons log, they do not print"),
    ("FileHandle.standardError.write(data)", "StandardStream writes without ever ending the program"),
    ("    try? remove()", "an ignored error says why in a comment"),
    ("struct One: @unchecked Sendable {}", "an escape from the checker needs its proof in a comment"),
    ("do { try one() } catch {}", "an error is swallowed"),
    ("do {\n    try one()\n} catch let fault as Fault {\n}", "an error is swallowed"),
    ('logger.error("lost \\(id)")', "a log message is constant; facts go into metadata"),
    ('logger.error(\n    "lost \\(id)", metadata: [:])', "a log message is constant; facts go into metadata"),
    ('let isHeld = code == 131_031', "what one of Meta's codes means stands in GraphErrorCode only"),
    ('let isGone = refusal.code == 33', "what one of Meta's codes means stands in GraphErrorCode only"),
    ('let isGone = refusal.subcode != 33', "what one of Meta's codes means stands in GraphErrorCode only"),
    ('let isClosed = status.errorCode == GraphErrorCode.windowClosed', "what one of Meta's codes means stands in GraphErrorCode only"),
    ('let state = State(rawValue: row["state"]) ?? .queued', "an unknown word in a row is a fault, never a default"),
    ("func turn(of number: Int) {}", "a function's name says what it does: heed, turn and step do not"),
    ('let number = PhoneNumberID(row["account"] as String? ?? "")', "a word or an id that a row lacks is a fault"),
    ('let target = row["target"] ?? 99', "a word or an id that a row lacks is a fault"),
    ("let sentAt: Int64", "sentAt is a Timestamp, a Milliseconds or a Duration, not a bare number"),
    ("var seconds: Int?", "seconds is a Seconds or a Duration, not a bare number"),
    ("func wait(waitSeconds: Int64) {}", "waitSeconds is a Seconds or a Duration, not a bare number"),
    ("func pay(amount: Double) {}", "amount is Money: whole minor units with their currency"),
    ("var total: Double", "total is Money: whole minor units with their currency"),
    ("let tariff: Decimal", "tariff is Money: whole minor units with their currency"),
    ("let price: Double", "price is Money: whole minor units with their currency"),
    ("private var budgetMicros: Int64?", "budgetMicros is Money: whole minor units with their currency"),
    ("var spent: Int64", "spent is Money: whole minor units with their currency"),
    ("let sum = price.micros.saturatingAdd(cost.micros)", "amounts are added and compared by Money"),
    ("let isMore = price.micros > budget.micros", "amounts are added and compared by Money"),
):
    source(" ".join(code.split()), sentence, shared, code)
for code in ("var seconds: Double", "var secondsLeft: Double?", "let queueTime: Double", "var takes: Double?", "var duration: Double", "var ttlMinutes: Int?"):
    source(f"the outbox: {code}", f"{code.split()[1][:-1]} is a Milliseconds, a Seconds or a Duration, not a bare number", outbox, code)
for code in (
    "let now = Date()", "let now = Date.now", "let id = UUID()", "let one = Int.random(in: 0...9)", "let one = names.shuffled()",
    "let one = names.randomElement()", "var chance = SystemRandomNumberGenerator()", 'let isThere = FileManager.default.fileExists(atPath: "")',
    "let body = try Data(contentsOf: url)", 'let home = getenv("HOME")', "let name = ProcessInfo.processInfo.hostName",
    "let id = ULID.make(at: now)", "let key = SymmetricKey(size: .bits256)", "let key = SymmetricKey(size: .bits256)  // a key",
    "let now = WallClock.system.now", "let store = Store(clock: .system)", "var chance = Chance.system",
    "let body = try String(contentsOf: url)", "let file = open(path, O_RDONLY)",
):
    source(f"a Core: {code}", "a Core is given its clock, its randomness and its files", gateway, code)
for code in ("let now = Date()", "let one = Int.random(in: 0...9)", "let now = WallClock.system.now", "let id = ULID.make(at: now)"):
    source(f"the sandbox: {code}", "a Core is given its clock, its randomness and its files", "Services/sandbox/Core/World/Broken.swift", code)
for path in (outbox, "Services/sandbox/Core/World/Broken.swift"):
    for code in (
        "let start = ContinuousClock.now", "try await Task.sleep(for: .seconds(1))", "let start = ContinuousClock.now  // to be quick",
        "await Signal().wait(atMost: .seconds(1))",
    ):
        source(f"{path.split('/')[1]}: {code}", "a Core goes by the clock it is given", path, code)

# What tests and documents owe.
for process in ("account-router", "gateway"):
    # More lines than any tests are ahead by.
    cases.append(Case(
        "check-source", f"{process} with too few unit tests", "lines of unit tests in", place=f"Services/{process}",
        changes={f"Services/{process}/Contract/Broken{n}.swift": "// A line.\n" * 400 for n in range(24)}))
source("a metric in no document", "the metric linda_broken is in no document", shared, 'let broken = Counter(label: "linda_broken")')
source("a document of no metric", "linda_broken is no metric of any process", "docs/install.md", more("`linda_broken`"))

# Numbers of faults, lengths, parameters, doc lines.
source(
    "two faults of one number", "fault 5100 is taken by Services/sync-service", "Services/template-service/Core/Text/Broken.swift",
    'let broken = FaultCode(number: 5100, reason: "broken", http: 404, meaning: "It is broken.")')
source("a function of 61 lines", "broken has 61 lines; divide it (60 at most)", shared, "func broken() {\n" + "    one()\n" * 59 + "}")
source(
    "a computed property of 61 lines", "broken has 61 lines; divide it (60 at most)", shared,
    "    static var broken: Broken {\n" + "        one()\n" * 59 + "    }")
source(
    "a test of 61 lines", "broken has 61 lines; divide it (60 at most)", "Tests/RPCTests/BrokenTests.swift",
    "    @Test(arguments: [1, 2]) func broken(n: Int) {\n" + "        one()\n" * 59 + "    }")
source(
    "a test's helper with four parameters without a label", "broken has 4 parameters without a label", "Tests/RPCTests/BrokenTests.swift",
    "private func broken(_ a: A, _ b: B, _ c: C, _ d: D) {}")
source("four parameters without a label", "broken has 4 parameters without a label", shared, "func broken(_ a: A, _ b: B, _ c: C, _ d: D) {}")
for code in ("package struct Broken {}", "public enum Broken {}", "package func broken(a: A, b: B, c: C) {}", "package func broken() {}"):
    source(f"{code} without a doc line", "roken needs a line that says what it is", shared, code)
source(
    "a Contract's enum without a doc line", "Broken needs a line that says what it is", "Services/gateway/Contract/Broken.swift",
    "package enum Broken {}")
source(
    "a function with the name of a protocol's, of a type that does not adopt it", "hold needs a line that says what it is", shared,
    "enum Broken {\n    package func hold(_ db: Database, _ message: String, campaign: String, at now: Timestamp) throws {}\n}")

# Tests and documents of what is in the sources.
source(
    "a Core file that no test names", "Unnamed is named by no test outside of Tests/Integration", "Services/gateway/Core/Inbox/Unnamed.swift",
    "enum Unnamed {}")
source(
    "a metric that is in no document", "the metric linda_broken_total is in no document", gateway,
    'let broken = Counter(label: "linda_broken_total")')
source("a documented metric that there is not", "linda_broken_total is no metric of any process", "docs/install.md", more("`linda_broken_total`"))

# Names of processes.
names = "Shared/Vocabulary/ProcessName.swift"
source("a process that ProcessName lacks", "and Services has", "Services/broken/Daemon/main.swift", "// Nothing.", place=names)
source("a unit of no process", "has units for", "units/linda-broken.service", "[Unit]", place="units/linda.target")
source("a process that may call nobody", "Caller lacks a process", "Shared/RPCContract/Methods/RPCMethod.swift", without("    case syncService = .*"))
for name in ("sync-service", "linda-account-router", "gateway", "linda-sandbox"):
    source(f'"{name}" in a source', "a process's name stands in Vocabulary/ProcessName.swift only", gateway, f'let name = "{name}"')
for path in ("Makefile", "Tests/Systemd/checks.py", "docs/testing.md", "scripts/install", ".ci/run", "docs/decisions/0001-foundations.md"):
    source(f"a process that there is not, in {path}", "there is no process message-router", path, more("# linda-message-router"))
source("a process that there is not, in Package.swift", "there is no process message-router", "Package.swift", more("// linda-message-router"))
source(
    "a package that lacks a process", "declares the processes", "Package.swift",
    instead('process("sync-service", module', 'process("syncing", module'))
source(
    "a list without one process", "the list of processes lacks sync-service", "Tests/Systemd/checks.py",
    instead('"sync-service", "poster"]', '"poster"]'))
for path, text in (
    (shared, "// Nil where the name is none of ours."), (gateway, "// A number that is none is left out."),
    ("Tests/RPCTests/Broken.swift", "// What is none is a text."), ("docs/install.md", more("It tells what comes of each.")),
):
    source(f"a turn that cannot be read aloud, in {path}", "cannot be read aloud: say it with the usual words", path, text)
source(
    "a macro of our own", "no macros of our own", "Package.swift",
    instead("    dependencies: [\n", '    dependencies: [\n        .package(url: "https://github.com/swiftlang/swift-syntax", from: "600.0.0"),\n'))

# Tables.
module("two modules make one table", "table consent is made by Services/account-router/Contacts already", outbox, 'let sql = "CREATE TABLE consent (id TEXT)"')
for sql in (
    "UPDATE consent SET state = ?", "INSERT OR IGNORE INTO consent (id) VALUES (?)", "DELETE FROM consent", "SELECT * FROM consent",
    "SELECT * FROM message JOIN consent USING (contact)", "CREATE INDEX broken ON consent (id)", "ALTER TABLE consent ADD COLUMN broken TEXT",
):
    module(f"the outbox: {sql}", "consent is Services/account-router/Contacts's: ask it, it owns the table", outbox, f'let sql = "{sql}"')
for path in (gateway, "Shared/Storage/Broken.swift"):
    module(
        f"{path.split('/')[1]} writes another process's table", "consent is in another process's database", path,
        'let sql = "DELETE FROM consent"')
module("a table that nobody makes", "no module makes the table nothing", outbox, 'let sql = "DELETE FROM nothing"')
module("tables joined by a comma", "tables are joined with JOIN", outbox, 'let sql = "SELECT * FROM message, messageNote"')
module(
    "another module's table, put in later", "consent may be put into SQL here", outbox,
    'for table in ["message", "consent"] { try db.execute(sql: "DELETE FROM \\(table)") }')
for sql in ('"delete from consent"', '"""\n    select *\n    from consent\n    """'):
    module(f"SQL in small letters: {' '.join(sql.split())}", "SQL is written in capitals", outbox, f"let sql = {sql}")
for code in ("struct Broken: Codable, FetchableRecord {}", "try db.create(table: name) { _ in }"):
    module(code, "tables are named in SQL, where their owner can be seen", outbox, code)

# Arrows between modules and folders.
module("the numbers know the outbox", "Numbers may not know AccountOutbox: arrows go downwards only", "Services/account-router/Numbers/Broken.swift", "import AccountOutbox")
module("the gateway knows the outbox", "AccountOutbox is account-router's own", gateway, "package import AccountOutbox")
module("a module without a place", "AccountFlows has no place among account-router's modules", outbox, "import AccountFlows")
folder = "Services/sync-service/Contract"
cases.append(Case(
    "check-modules", "two folders that know each other", "folders One and Two know each other: One.swift uses Two; Two.swift uses One",
    {f"{folder}/One/One.swift": "struct One { let two: Two }\n", f"{folder}/Two/Two.swift": "struct Two { let one: One }\n"}, place=folder))
for process in ("gateway", "template-service", "intelligence-service", "sandbox"):
    module(
        f"a file beside the folders of {process}", "give it the folder that tells of it", f"Services/{process}/Core/Broken.swift", "enum Broken {}")
module(
    "a subsystem that is given another", "OutboxSubsystem is a process's to put together", "Services/account-router/Campaigns/Broken.swift",
    "struct Broken { let sending: OutboxSubsystem }")
module(
    "a subsystem that reaches through a neighbour", "outbox.store.now reaches through outbox",
    "Services/account-router/Core/BrokenSubsystem.swift", "let now = outbox.store.now")
module("work reached through a neighbour", "outbox.store.now reaches through outbox", "Services/account-router/Core/Broken.swift", "let now = outbox.store.now")

# Rows of the contracts' versions.
changes = "docs/reference/CHANGES.md"
had = "had the hash c4968b64cfafda31: raise the version"
cases += [
    Case("check-changes", "another hash in an old row", had, {changes: instead("c4968b64cfafda31", "0" * 16)}),
    Case("check-changes", "a row taken away", had, {changes: without(r"\| sync-service \| 0\.2\.0 .*")}),
    Case("check-changes", "another hash, committed", had, {changes: instead("c4968b64cfafda31", "0" * 16)}, is_committed=True),
]

# Units.
unit = "units/linda-sync-service.service"
for bound in ("MemoryHigh", "MemoryMax", "TasksMax", "LimitCORE", "ExecStopPost"):
    cases.append(Case("check-units", f"a unit without {bound}", f"has no {bound}=", {unit: without(f"{bound}=.*")}))
cases += [
    Case("check-units", "a setting that systemd does not know", "systemd does not take it as it stands", {unit: instead("Type=notify", "Typ=notify")}),
    Case("check-units", "a unit that is exposed", "is exposed more than 7 tenths", {unit: without("(?:Protect|Private|System|Capability|Restrict[NRS]).*")}),
]

# The format; the compiler's own tool looks.
cases.append(Case("check-format", "a line out of the format", "[Indentation]", {shared: "enum Broken {\n static let one = 1\n}\n"}))

# The reference, by the programs.
cases += [
    Case(
        "check-generated", "a contract that no row of CHANGES.md knows", "| sync-service | ",
        {changes: without(r"\| sync-service .*")}, place="Raise `version` in the contract"),
    Case(
        "check-generated", "a reference that is not the programs'", "-A line of somebody's.",
        {"docs/reference/sync-service.md": more("A line of somebody's.")}),
]
