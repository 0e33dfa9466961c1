package import AccountContract
package import GRDB
package import GraphAPI
package import Vocabulary

/// A module that has messages sent, and is asked and told in the very transactions in which they move.
package protocol OutboxListener: Sendable {
    /// The owner of a request key that no message has, in words such as `a message of the batch B`; nil where it is free.
    func owner(_ db: Database, ofKey requestKey: String, workspace: String) throws -> String?
    /// Why a campaign's message may not be sent now; nil where it may.
    func hold(_ db: Database, _ message: MessageID, campaign: CampaignID, at now: Timestamp) throws -> OutboxHold?
    /// Whether a campaign's message may go out at a moment by what the campaign has promised; nil where it may.
    func promised(_ db: Database, _ message: MessageID, campaign: CampaignID, at time: Timestamp) throws -> OutboxHold?
    /// A message has gone from one place to another. That it was queued at all is known to whoever queued it.
    func moved(_ db: Database, _ move: MessageMove) throws
    /// Meta has refused a message for good.
    func refused(_ db: Database, _ refusal: MessageRefusal) throws
}

extension OutboxListener {
    /// Nobody's: a listener that gives no keys out need not answer.
    package func owner(_ db: Database, ofKey requestKey: String, workspace: String) throws -> String? { nil }
    package func hold(_ db: Database, _ message: MessageID, campaign: CampaignID, at now: Timestamp) throws -> OutboxHold? { nil }
    /// Nothing: a listener that promises nothing need not answer.
    package func promised(_ db: Database, _ message: MessageID, campaign: CampaignID, at time: Timestamp) throws -> OutboxHold? { nil }
    package func moved(_ db: Database, _ move: MessageMove) throws {}
    package func refused(_ db: Database, _ refusal: MessageRefusal) throws {}
}

/// Why a message is not sent now.
package enum OutboxHold: Sendable, Equatable {
    /// It is looked at again after so long.
    case later(Milliseconds)
    /// It fails, for this reason.
    case never(String)
}

/// One step of a message.
package struct MessageMove: Sendable, Equatable {
    /// The state of a message, and its number.
    package struct Place: Sendable, Equatable {
        package var state: Message.State
        package var number: PhoneNumberID
    }

    package var message: MessageID
    package var campaign: CampaignID?
    package var from: Place
    package var to: Place
    /// When it happened; Meta's own moment where a status tells of it.
    package var at: Timestamp
    /// Whether it fails because the person wants no such message.
    package var isOptOut = false
}

/// A message that Meta has refused for good.
package struct MessageRefusal: Sendable {
    package var message: MessageID
    package var workspace: String
    package var contact: ContactID
    package var campaign: CampaignID?
    package var number: PhoneNumberID
    package var error: GraphError
    /// When Meta refused it.
    package var at: Timestamp
}
