package import RPCContract
package import Vocabulary

package enum NameCustomers: RPCMethod {
    package static let name = "customers.name"
    package static let summary = "Names the account of a number and who its customers are; nothing is noted of what they did."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.accountUnknown]

    /// A customer as Meta names them.
    package struct Named: Described {
        package var contact: ContactID
        package var userID: ContactID?

        package static let fields: Fields = [
            "contact": "The customer: the phone number where Meta gives one, else the BSUID.",
            "userID": "The customer's BSUID, by which they are the same person under either name. None is known if absent.",
        ]

        package init(contact: ContactID, userID: ContactID? = nil) {
            self.contact = contact
            self.userID = userID
        }
    }

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var customers: [Named]
        package var messages: [WAMID]?
        package var at: Timestamp

        package static let fields: Fields = [
            "phoneNumberID": "The number whose customers they are.",
            "customers": .list("The customers; none asks for the account alone.", 0...500),
            "messages": .list("Messages of the business, of which is told whether they are kept here. None if absent.", 1...500),
            "at": "When Meta named them so.",
        ]

        package init(phoneNumberID: PhoneNumberID, customers: [Named], messages: [WAMID]? = nil, at: Timestamp) {
            self.messages = messages
            self.phoneNumberID = phoneNumberID
            self.customers = customers
            self.at = at
        }
    }

    /// A customer as they are known here.
    package struct Known: Described {
        package var contact: ContactID
        package var names: [ContactID]

        package static let fields: Fields = [
            "contact": "The customer: their phone number if one is known, else their BSUID.",
            "names": .list("Other names of the customer, the latest ten.", 0...10),
        ]

        package init(contact: ContactID, names: [ContactID]) {
            self.contact = contact
            self.names = names
        }
    }

    package struct Reply: Described {
        package var account: PhoneNumberID
        package var workspace: String
        package var customers: [Known]
        package var sent: [WAMID]?

        package static let fields: Fields = [
            "account": "The number that was asked about.",
            "workspace": .workspace("The workspace that the number belongs to, or belonged to before it was removed."),
            "customers": .list("Who the customers are, in the order in which they were given.", 0...500),
            "sent": .list(
                "Those of the messages that went out from here, for the same workspace, and whose content is still kept. Absent if there are none.",
                1...500),
        ]

        package init(account: PhoneNumberID, workspace: String, customers: [Known], sent: [WAMID]? = nil) {
            self.sent = sent
            self.account = account
            self.workspace = workspace
            self.customers = customers
        }
    }

    package static let example = RPCExample(
        Params(
            phoneNumberID: "106540352242922", customers: [Named(contact: "919876543210", userID: "IN.13491208655302741918")],
            messages: ["wamid.HBgM", "wamid.HBgN"], at: Timestamp(milliseconds: 1_790_000_000_000)),
        Reply(
            account: "106540352242922", workspace: "default",
            customers: [Known(contact: "919876543210", names: ["IN.13491208655302741918"])],
            sent: ["wamid.HBgN"]))
}
