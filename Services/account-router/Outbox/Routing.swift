import AccountContacts
package import AccountContract
package import AccountNumbers
package import GRDB
import RPCContract
import Storage
package import Vocabulary

/// Chooses the number from which somebody is written to, by their habit and preference and by what the numbers can do.
package struct Routing: Sendable {
    private let store: Store
    private let numbers: Numbers
    private let contactRoutes: ContactRoutes

    init(store: Store, numbers: Numbers, contactRoutes: ContactRoutes) {
        self.store = store
        self.numbers = numbers
        self.contactRoutes = contactRoutes
    }

    /// Chooses a number; the contact's preference and habit are read in the caller's transaction.
    ///
    /// - Parameters:
    ///   - waba: the account whose template it is; nil where any number may send it.
    ///   - asked: the number that the request names.
    ///   - among: the only numbers that may be chosen; nil for all.
    ///   - isForLater: whether a portfolio's limit of today does not count.
    package func route(
        _ db: Database,
        _ contact: ContactID,
        _ category: Message.Category,
        of waba: WABAID? = nil,
        asked: PhoneNumberID? = nil,
        among: Set<PhoneNumberID>? = nil,
        isForLater: Bool = false,
        workspace: String
    ) throws -> Route {
        let (person, habit) = try ContactRoutes.habit(db, of: contact, workspace: workspace)
        var request = RouteRequest(contact: person.name, category: category, waba: waba, asked: asked)
        request.isForLater = isForLater
        if asked == nil {
            (request.preferred, request.sticky) = (habit.preferred, habit.sticky)
            // Free-form messages go from the number whose window is open, whichever has written since.
            if category == .service {
                var blocked: (account: Account, obstacle: String)?
                let open = try contactRoutes.openNumber(db, person, workspace: workspace) { [numbers] number in
                    guard let account = numbers.account(number), account.workspace == workspace else { return false }
                    guard let obstacle = RoutingTable.obstacle(account, .service) else { return true }
                    blocked = blocked ?? (account, obstacle)
                    return false
                }
                if let open {
                    request.sticky = open
                } else if let blocked, among == nil {
                    // From another they could not be answered: what is wrong is this.
                    throw Fault(
                        .noRoute,
                        "The customer wrote to \(blocked.account.displayPhoneNumber), which cannot answer now: \(blocked.obstacle). From another number only a template can be sent."
                    )
                }
            }
        }
        return try numbers.route(request, among: among, workspace: workspace)
    }

    /// Chooses a number for what will go out: the content, or its fallback where the window is closed.
    package func route(
        _ db: Database,
        _ contact: ContactID,
        _ body: MessageDraft.Body,
        fallback: MessageDraft.Body?,
        asked: PhoneNumberID?,
        workspace: String
    ) throws -> Route {
        guard body.category == .service, let fallback else {
            return try route(db, contact, body.category, of: body.wabaID, asked: asked, workspace: workspace)
        }
        do {
            let route = try route(db, contact, body.category, asked: asked, workspace: workspace)
            if try isOpen(db, contact, on: route.account.phoneNumberID, workspace: workspace) { return route }
        } catch let fault as Fault where fault.code == .noRoute && asked == nil {}  // the template may go out from another
        return try self.route(db, contact, fallback.category, of: fallback.wabaID, asked: asked, workspace: workspace)
    }

    /// Whether somebody may be written to in free form from a number.
    package func isOpen(_ db: Database, _ contact: ContactID, on number: PhoneNumberID, workspace: String) throws -> Bool {
        try contactRoutes.isOpen(db, People.person(db, contact, workspace: workspace), on: number, workspace: workspace)
    }

    /// The same on a reading of its own.
    package func route(
        _ contact: ContactID, _ body: MessageDraft.Body, fallback: MessageDraft.Body?, asked: PhoneNumberID?, workspace: String
    ) async throws -> Route {
        try await store.read { [self] in
            try route($0, contact, body, fallback: fallback, asked: asked, workspace: workspace)
        }
    }

    /// Chooses a number on a reading of its own.
    package func route(_ contact: ContactID, _ category: Message.Category, asked: PhoneNumberID?, workspace: String) async throws -> Route {
        try await store.read { [self] in try route($0, contact, category, asked: asked, workspace: workspace) }
    }

    func preview(_ params: PreviewRoute.Params, workspace: String) async throws -> PreviewRoute.Reply {
        let category = params.category ?? .service
        let route = try await route(ContactID(written: params.contact.rawValue), category, asked: nil, workspace: workspace)
        let obstacles = numbers.obstacles(category, workspace: workspace)
        let others = numbers.accounts(of: workspace).map(\.phoneNumberID.rawValue).filter { $0 != route.account.phoneNumberID.rawValue }
            .map { ($0, obstacles[$0] ?? "it could send it, too") }
        return PreviewRoute.Reply(
            account: route.account.phoneNumberID, reason: route.reason, others: Dictionary(others) { first, _ in first })
    }

    func prefer(_ params: PreferRoute.Params, workspace: String) async throws {
        if let account = params.account { _ = try numbers.found(account, workspace: workspace) }
        try await contactRoutes.prefer(ContactID(written: params.contact.rawValue), params.account, workspace: workspace)
    }
}
