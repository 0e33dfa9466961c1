import Vocabulary

/// Customers who write, wait for the answer and write again.
struct Customers {
    private struct Talk {
        var number: PhoneNumberID
        var name: String
        var rest: ArraySlice<String>
        var isWaiting: Bool
    }

    private static let scripts: [[String]] = [
        ["Hello", "help", "I want 2 masala dosa and 1 filter coffee"],
        ["Hi there", "what can you do?", "Please send me 3 samosa"],
        ["Good morning", "menu please", "can I get two idli and a tea"],
        ["नमस्ते", "मदद", "मुझे 2 समोसा चाहिए"],
        ["namaste", "madad", "mujhe teen vada pav chahiye"],
        ["नमस्कार", "मदत", "मला 2 मिसळ पाव हवे"],
        ["hey", "how do I order here?", "order 1 veg thali, 2 lassi"],
    ]
    private static let names = [
        "Asha Rao", "Vikram Shah", "Meera Iyer", "Rohan Patil", "Sana Khan", "Arjun Nair", "Kavita Joshi", "Dev Mehta",
    ]

    private var talks: [String: Talk] = [:]
    private(set) var written = 0
    private(set) var replies = 0

    /// The first message of a customer who will write `messages` in all.
    mutating func begin(_ contact: String, with number: PhoneNumberID, messages: Int, index: Int) {
        let script = Self.scripts[index % Self.scripts.count]
        let texts = (0..<messages).map { script[$0 % script.count] }
        talks[contact] = Talk(number: number, name: Self.names[index % Self.names.count], rest: texts[...], isWaiting: false)
    }

    /// What the customer writes next, if there is anything left to say.
    mutating func next(_ contact: String) -> (number: PhoneNumberID, name: String, text: String)? {
        guard var talk = talks[contact], let text = talk.rest.popFirst() else { return nil }
        talk.isWaiting = true
        talks[contact] = talk
        written += 1
        return (talk.number, talk.name, text)
    }

    mutating func countWritten() { written += 1 }

    /// A text has reached the customer; whether it was waited for and there is more to say.
    mutating func gotReply(_ contact: String) -> Bool {
        guard var talk = talks[contact], talk.isWaiting else { return false }
        talk.isWaiting = false
        talks[contact] = talk
        replies += 1
        return !talk.rest.isEmpty
    }
}
