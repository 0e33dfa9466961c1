import AccountContract
import JobQueue
import RPCContract
import Vocabulary

extension Job {
    /// The message that a job in a number's queue is for.
    var message: MessageID { MessageID(key) }
}

/// The facts of its message that a job in a number's queue has, so that it is admitted without reading the message.
struct SendJob: Equatable {
    var category: Message.Category
    var contact: ContactID

    init(category: Message.Category, contact: ContactID) {
        self.category = category
        self.contact = contact
    }

    /// - Errors: internal, where the first letter of the payload names no category.
    init(_ job: Job) throws {
        guard let category = Message.Category.allCases.first(where: { Self.letter($0) == job.payload.first }) else {
            throw Fault(.internal, "Table job, id \(job.id): the payload names no category.")
        }
        self.category = category
        contact = ContactID(String(job.payload.dropFirst()))
    }

    var payload: String { "\(Self.letter(category))\(contact.rawValue)" }

    private static func letter(_ category: Message.Category) -> Character {
        switch category {
        case .marketing: "m"
        case .utility: "u"
        case .authentication: "a"
        case .service: "s"
        }
    }
}
