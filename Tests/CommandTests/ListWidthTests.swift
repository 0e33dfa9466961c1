import AccountContract
import ArgumentParser
import GatewayContract
import MetaEvents
import SyncContract
import TemplateContract
import Testing
import Vocabulary

@testable import linda

/// Lists of ordinary things are one line a row at 80 columns.
@Suite struct ListWidthTests {
    /// The rows, below their heading; each table is looked at with three rows that are alike.
    private func rows(_ table: Table) throws -> [String] {
        let lines = table.lines(width: 80)
        #expect(lines.count == 4 && lines.allSatisfy { TerminalWidth.of($0) <= 80 }, "\(lines)")
        return Array(lines.dropFirst())
    }

    private func three<T>(_ item: T) -> [T] { Array(repeating: item, count: 3) }

    @Test(arguments: [false, true]) func messages(ids: Bool) throws {
        var message = Message.example
        message.type = "template"
        message.error = "The recipient cannot get it: no WhatsApp, terms not accepted, or an old app. Use another channel."
        let table = Messages.List.table(three(message), ids: ids, \.spelled)
        let row = try rows(table)[0]
        #expect(row.contains(message.to.spelled) && row.contains("failed") && row.contains("The recipient") && row.contains("…"), "\(row)")
        #expect(row.contains(message.id.rawValue) == ids, "\(row)")
        #expect(table.lines(width: nil)[1].contains("Use another channel."), "a pipe gets all")
        // Where nothing has failed there is room for the id.
        (message.state, message.error, message.errorCode) = (.delivered, nil, nil)
        #expect(try rows(Messages.List.table(three(message), ids: ids, \.spelled))[0].contains(message.id.rawValue))
    }

    @Test(arguments: ["Asia/Kolkata", "recipient"], [false, true]) func windows(zone: String, ids: Bool) throws {
        var window = DeliveryWindow.example
        (window.name, window.cron, window.timeZone) = ("Mornings of working days", "0 6 * * MON-FRI", zone)
        window.quietHours = DeliveryWindow.QuietHours(from: "21:00", to: "05:30")
        let item = ListWindows.Item(window: window, next: [Recurrence.example.next], recurring: ["Tea"])
        let table = WindowsCommand.List.table(three(item), ids: ids) { _ in "Daily tip, Tea (not started)" }
        let row = try rows(table)[0]
        #expect(row.contains("Mornings of") && row.contains(zone) && row.contains("09-21"), "\(row)")
        #expect(row.contains(window.id.rawValue) == ids, "\(row)")
        #expect(table.lines(width: nil)[1].contains("0 6 * * MON-FRI, quiet 21:00-05:30"), "a pipe gets all")
    }

    @Test(arguments: [false, true]) func whatRecurs(ids: Bool) throws {
        var item = Recurrence.example
        (item.name, item.window) = ("The tip of the day for everybody", "Mornings of working days")
        item.leftOut = [item.next, item.next + .days(1)]
        let row = try rows(CampaignsCommand.Recurring.List.table(three(item), ids: ids, unstarted: []))[0]
        #expect(row.contains("The tip of") && row.contains(item.id.rawValue) == ids, "\(row)")
    }

    @Test func templatesKeepTheirNames() throws {
        var template = Template.example
        template.name = "order_update_of_the_new_shop"
        (template.category, template.review) = (.authentication, .rejected)
        (template.metaStatus, template.statusTitle, template.correctCategory) = ("REJECTED", nil, nil)
        (template.variables, template.reviewReason) = (["name", "order", "day"], "Meta says that its text is no code for signing in.")
        let row = try rows(Templates.List.table(three(template)))[0]
        #expect(row.contains(template.name) && row.contains("Meta says"), "\(row)")
    }

    @Test(arguments: [false, true]) func contacts(ids: Bool) throws {
        var contact = Contact.example
        (contact.name, contact.email) = ("Venkatasubramanian Lakshminarayanan Iyer", "venkatasubramanian.iyer@mail.example.co.in")
        contact.id = "01JD0000000000000000000000"
        let row = try rows(Contacts.table(three(contact), Connection.parse([]), ids: ids))[0]
        #expect(row.contains("Venkatasub") && row.contains(contact.id) == ids, "\(row)")
    }

    @Test(arguments: [false, true]) func keys(ids: Bool) throws {
        var key = APIKey.example
        (key.name, key.numbers) = ("the shop's own website", ["1", "2"])
        let row = try rows(KeysCommand.List.table(three(key), ids: ids) { _ in "+91 8047181000" })[0]
        #expect(row.contains("the shop's") && row.contains(key.id) == ids, "\(row)")
    }

    @Test(arguments: [false, true]) func users(ids: Bool) throws {
        var user = User.example
        (user.email, user.name) = ("asha.venkatasubramanian@shop.example.com", "Asha Venkatasubramanian")
        let row = try rows(UsersCommand.List.table(three(user), ids: ids) { $0 })[0]
        #expect(row.contains("asha.") && row.contains("admin") && row.contains("active") && row.contains(user.id) == ids, "\(row)")
    }

    @Test func sessions() throws {
        let row = try rows(SessionsCommand.List.table(three(.example)))[0]
        #expect(row.contains(UserSession.example.id) && row.contains("203.0.113.7"), "\(row)")
    }

    @Test func listsAndDeadLetters() throws {
        var list = BroadcastList.example
        list.name = "Everybody who has bought sweets for Diwali this year"
        #expect(try rows(Lists.List.table(three(list)))[0].contains(list.id.rawValue))
        var letter = DeadLetter.example
        letter.error = String(repeating: "it cannot be read ", count: 10)
        #expect(try rows(DeadLettersCommand.List.table(three(letter)))[0].contains("it cannot"))
    }
}
