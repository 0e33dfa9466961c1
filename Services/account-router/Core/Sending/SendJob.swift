import AccountContract
import JobQueue
import Vocabulary

/// What a job in a number's queue says of its message, so that it is admitted without reading it.
struct SendJob: Equatable {
    var category: Message.Category
    var contact: ContactID

    init(category: Message.Category, contact: ContactID) {
        self.category = category
        self.contact = contact
    }

    init(_ job: Job) {
        category = Message.Category.allCases.first { Self.letter($0) == job.payload.first } ?? .service
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
