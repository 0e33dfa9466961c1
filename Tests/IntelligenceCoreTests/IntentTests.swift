import IntelligenceContract
import Testing

@testable import IntelligenceCore

@Suite struct IntentTests {
    @Test(arguments: [
        ("Hello", "greeting"), ("hi there!", "greeting"), ("Good morning", "greeting"), ("नमस्ते", "greeting"), ("नमस्कार", "greeting"),
        ("namaste ji", "greeting"),
        ("help", "help"), ("can you help me please?", "help"), ("what can you do?", "help"), ("how do I order here?", "help"),
        ("मदद", "help"), ("मदत", "help"),
        ("I want 2 masala dosa", "order_request"), ("Hello, I would like to order 3 pizzas and 1 coke", "order_request"),
        ("please send me two coffees", "order_request"), ("2 samosa, 1 tea", "order_request"),
        ("mujhe teen vada pav chahiye", "order_request"),
        ("मुझे 2 समोसा चाहिए", "order_request"), ("मला 2 मिसळ पाव हवे", "order_request"), ("I want to order", "order_request"),
        ("मला २ वडापाव पाहिजेत", "order_request"), ("२ वडापाव द्या", "order_request"), ("आम्हाला ४ चहा हवेत", "order_request"),
    ])
    func messagesFindTheirHandler(text: String, intent: String) {
        #expect(IntentHandlers.standard.choose(Utterance(text))?.handler.name == intent, "\(text)")
    }

    /// What would be taken down wrongly is asked about by a person.
    @Test(arguments: [
        "I want 1.5 kg rice", "I want 1,5 kg rice", "2.5 dosa please", "मला 1.5 किलो पेढे पाहिजेत", "मला १.५ किलो पेढे पाहिजेत", "I want -1 dosa",
        "-5 dosa", "I want 1/2 kg rice", "2-3 samosa chahiye",
    ])
    func anAmountThatIsNoWholeNumberIsNoOrder(text: String) {
        #expect(IntentHandlers.standard.choose(Utterance(text))?.handler.name != "order_request", "\(text)")
    }

    @Test(arguments: [
        "Where is my order 4711?", "cancel my order", "when will it be delivered", "my order was late", "", "👍", "ok thanks",
        "call me on 9876543210",
        "The weather is fine", "I have a question about a refund", "hi, my parcel came broken and nobody answers the phone since two days",
        "My parcel is broken, please help", "I need help, my order never arrived", "help! wrong item delivered, I want my money back",
        "मदद चाहिए, मेरा ऑर्डर खराब आया", "hello, my bill is wrong", "I want 2 people to call me back", "I want a refund",
        "Hi, do you deliver to Baner?",
        "good morning, is the shop open", "menu for 20 people in Pune?", "modify order 732201349959", "I need to change a card",
        "do I need a visa",
        "777 brockton avenue", "10 ka problem hai", "please call me 2 times", "I don’t want 2 dosa",
    ])
    func whatIsMeantForNobodyIsLeftToAPerson(text: String) {
        #expect(IntentHandlers.standard.choose(Utterance(text)) == nil, "\(text)")
    }

    @Test(arguments: [
        ("I want 2 masala dosa and 1 filter coffee", ["2 masala dosa", "1 filter coffee"]),
        ("can I get two idli and a tea", ["2 idli", "1 tea"]),
        ("order 1 veg thali, 2 lassi", ["1 veg thali", "2 lassi"]), ("3x samosa please", ["3 samosa"]), ("मुझे 2 समोसा चाहिए", ["2 समोसा"]),
        ("मला २ वडापाव पाहिजे", ["2 वडापाव"]), ("मुझे १२ समोसा चाहिए", ["12 समोसा"]), ("٣ samosa please", ["3 samosa"]),
        ("I want a pizza", ["1 pizza"]), ("Two coffees and a dozen samosas to 12 Park Street", ["2 coffees", "12 samosas"]),
        ("call 9876543210", []),
        ("मला २ वडापाव पाहिजेत", ["2 वडापाव"]), ("२ वडापाव द्या", ["2 वडापाव"]), ("२ वडापाव आणि १ चहा पाठवा", ["2 वडापाव", "1 चहा"]),
        ("२ वडापाव मला द्या लवकर", ["2 वडापाव"]), ("मला दोन मिसळ हवं", ["2 मिसळ"]), ("४ इडली हवेत", ["4 इडली"]),
        ("दो समोसे दे दो भाई", ["2 समोसे"]), ("२ चाय ऑर्डर कर दो", ["2 चाय"]), ("3 समोसे भेज दो और 1 चाय दीजिए", ["3 समोसे", "1 चाय"]),
        ("दो समोसे, दो चाय भेजिए", ["2 समोसे", "2 चाय"]), ("2 samosa de do", ["2 samosa"]), ("2 vada pav pahijet", ["2 vada pav"]),
        ("2 चाहिए समोसा", ["2 समोसा"]),
    ])
    func orderLinesAreRead(text: String, expected: [String]) {
        #expect(OrderRequestHandler.lines(Utterance(text)).map { "\($0.quantity) \($0.item)" } == expected)
    }

    @Test func answersSpeakTheCustomersLanguage() throws {
        let customer = Customer(firstName: "Asha", accountName: "Lucky Shrub")
        for (text, expected) in [("Hello", "Hello Asha!"), ("नमस्ते", "नमस्ते Asha!"), ("नमस्कार", "नमस्कार Asha!")] {
            guard case .reply(let reply) = try #require(GreetingHandler().actions(Utterance(text), customer).first) else { continue }
            #expect(reply.hasPrefix(expected), "\(reply)")
        }
    }
}
