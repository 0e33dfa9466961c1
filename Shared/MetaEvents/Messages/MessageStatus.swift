package import RPCContract
package import Vocabulary

/// What has become of a message that a business has sent.
///
/// Source: Meta, webhooks, status object.
package struct MessageStatus: Described, Equatable {
    /// Meta's words for what has become of a message.
    package enum Word: String, Sendable, CaseIterable { case sent, delivered, read, played, failed }

    package var wamid: WAMID
    package var phoneNumberID: PhoneNumberID?
    package var status: MetaWord<Word>
    package var at: Timestamp
    package var callbackData: String?
    package var errorCode: Int?
    package var errorDetails: String?
    package var errors: [MetaFault]?
    package var billable: Bool?
    package var priceCategory: String?
    package var priceType: String?
    package var priceModel: String?
    package var conversation: MessageConversation?
    package var participant: String?
    package var recipient: ContactID?
    package var userIDs: [ContactID]?

    package static let fields: Fields = [
        "wamid": "WhatsApp's id of the message.",
        "phoneNumberID": "The number that the message was sent from; absent if Meta's status names none.",
        "status": .text("Meta's word: `sent`, `delivered`, `read`, `played` or `failed`. Other words do not change the message.", 1...64),
        "at": "When it happened, by Meta's clock.",
        "callbackData": .text("What Meta echoes from the request: the message's id with us, if it was sent from here.", 0...512),
        "errorCode": .whole("Meta's error code, for a failed message.", 0...2_147_483_647),
        "errorDetails": .text("What Meta says of the error.", 0...65_536),
        "errors": .list("All errors that Meta names, the first of them first; absent if it names none.", 1...10),
        "billable": "Whether Meta charges for the message; the price that is known stays if absent.",
        "participant": .text(
            "The member of a group whom it is about. One member's mark says nothing of the whole message, and moves it no further than sent.",
            0...256),
        "recipient": "The phone number of whom it is about: the recipient, or the member of a group. It is absent where Meta hides it.",
        "userIDs": .list("The BSUIDs of whom it is about; absent if Meta names none.", 1...10),
        "priceCategory": .text("The category that Meta charges the message as.", 0...64),
        "priceType": .text("Meta's word for why it costs what it does, such as `regular` or `free_customer_service`.", 1...64),
        "priceModel": .text("Meta's word for how prices are made, such as `PMP`.", 1...64),
        "conversation": "The conversation that Meta counts the message to; absent if it names none.",
    ]

    package init(
        wamid: WAMID,
        phoneNumberID: PhoneNumberID?,
        status: MetaWord<Word>,
        at: Timestamp,
        callbackData: String? = nil,
        errorCode: Int? = nil,
        errorDetails: String? = nil,
        errors: [MetaFault]? = nil,
        billable: Bool? = nil,
        priceCategory: String? = nil,
        priceType: String? = nil,
        priceModel: String? = nil,
        conversation: MessageConversation? = nil,
        participant: String? = nil,
        recipient: ContactID? = nil,
        userIDs: [ContactID]? = nil
    ) {
        self.recipient = recipient
        self.userIDs = userIDs
        self.participant = participant
        self.wamid = wamid
        self.phoneNumberID = phoneNumberID
        self.status = status
        self.at = at
        self.callbackData = callbackData
        self.errorCode = errorCode
        self.errorDetails = errorDetails
        self.errors = errors
        self.billable = billable
        self.priceCategory = priceCategory
        self.priceType = priceType
        self.priceModel = priceModel
        self.conversation = conversation
    }

    /// - Parameters:
    ///   - raw: Meta's status object; nil comes of one without an id or a word.
    ///   - number: of the metadata beside it.
    ///   - contact: whom it is about, as the contacts beside it tell.
    ///   - userIDs: their BSUIDs, as the contacts beside it tell.
    ///   - receivedAt: when it reached us, for where Meta names no moment that a calendar has.
    package init?(
        _ raw: JSONValue, number: String?, contact: String? = nil, userIDs: [ContactID] = [], receivedAt: Timestamp
    ) {
        guard let wamid = raw["id"]?.id(WAMID.self), let word = raw["status"]?.text, !word.isEmpty else { return nil }
        let error = raw["errors"]?[0]
        let (phone, own) = Self.names(raw)
        let ids = Array((own + userIDs.filter { !own.contains($0) }).prefix(10))
        self.init(
            wamid: wamid,
            phoneNumberID: JSONValue.string(number ?? "").id(),
            status: MetaWord(word.cut(to: 64)),
            at: .meta(raw["timestamp"]) ?? receivedAt,
            // Longer ones are another sender's: ours are ids.
            callbackData: raw["biz_opaque_callback_data"]?.text.flatMap { $0.utf8.count <= 512 ? $0 : nil },
            errorCode: (error?["code"]?.integer).flatMap { (0...Int64(Int32.max)).contains($0) ? Int($0) : nil },
            errorDetails: (error?["error_data"]?["details"]?.string ?? error?["title"]?.string)?.cut(to: 65_536),
            errors: MetaFault.all(raw),
            billable: raw["pricing"]?["billable"]?.bool,
            priceCategory: raw["pricing"]?["category"]?.text?.line(to: 64),
            priceType: raw["pricing"]?["type"]?.text?.line(to: 64),
            priceModel: raw["pricing"]?["pricing_model"]?.text?.line(to: 64),
            conversation: MessageConversation(raw["conversation"]),
            participant: Self.participant(raw)?.cut(to: 256),
            recipient: phone ?? contact.flatMap { Self.phone(.string($0)) },
            userIDs: ids.isEmpty ? nil : ids
        )
    }

    /// The phone number and the BSUIDs of whom a status is about: the member where it is one of a group's, else the recipient.
    package static func names(_ raw: JSONValue) -> (phone: ContactID?, userIDs: [ContactID]) {
        let isOfMember = participant(raw) != nil
        let members = isOfMember ? ["recipient_participant_id", "participant_recipient_id"] : ["recipient_id"]
        let users = isOfMember ? ["recipient_participant_user_id"] : ["recipient_user_id", "recipient_parent_user_id"]
        var ids: [ContactID] = []
        for id in (members + users).compactMap({ raw[$0]?.id(ContactID.self) }) where id.isBSUID && !ids.contains(id) { ids.append(id) }
        return (members.lazy.compactMap { phone(raw[$0]) }.first, ids)
    }

    /// nil where it is no phone number.
    private static func phone(_ value: JSONValue?) -> ContactID? {
        guard let id = value?.id(ContactID.self), id.rawValue.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return id
    }

    /// The member of a group whom a status is about; Meta's pages spell it in two ways.
    package static func participant(_ raw: JSONValue) -> String? {
        let named = ["recipient_participant_id", "participant_recipient_id", "recipient_participant_user_id"].compactMap { raw[$0]?.text }
        return named.first ?? (raw["recipient_type"]?.string == "group" ? raw["recipient_id"]?.text ?? "" : nil)
    }

    package static let example = MessageStatus(
        wamid: "wamid.HBgM",
        phoneNumberID: "106540352242922",
        status: "delivered",
        at: Timestamp(milliseconds: 1_790_000_000_000),
        callbackData: "01JD0000000000000000000000",
        errorCode: 131026,
        errorDetails: "Message undeliverable",
        errors: [.example],
        billable: true,
        priceCategory: "utility",
        priceType: "regular",
        priceModel: "PMP",
        conversation: MessageConversation.example,
        participant: "919876543210",
        recipient: "919876543210",
        userIDs: ["IN.13491208655302741918"]
    )
}
