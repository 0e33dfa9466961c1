import GraphMessages
import RPCContract
import Vocabulary

extension SendMessage {
    /// One message of each type but the example's, for schemas and tests; the first has what goes with any type.
    package static let alternatives: [Params] =
        [
            sample {
                $0.text = TextMessage(body: "Your order has left.", previewURL: false)
                $0.fallback = Template(name: "order_update", language: "en", variables: ["name": "Asha"])
                $0.account = "106540352242922"
                $0.priority = 100
                $0.replyTo = "wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSQUJDREVGMDEyMzQ1Njc4OTAA"
                $0.identityKeyHash = "DF2lS5v2W6x="
            },
            sample { $0.image = MediaMessage(link: "https://example.org/menu.jpg", caption: "Today's menu") },
            sample { $0.video = MediaMessage(id: "1037543291543636", caption: "How we cook") },
            sample { $0.audio = MediaMessage(id: "1037543291543637", voice: true) },
            sample { $0.document = MediaMessage(id: "1037543291543638", caption: "Your invoice", filename: "invoice-4711.pdf") },
            sample { $0.sticker = MediaMessage(id: "1037543291543639") },
            sample { $0.location = Location(latitude: 18.5204, longitude: 73.8567, name: "Shop", address: "FC Road, Pune") },
            sample { $0.contacts = [card] },
            sample { $0.reaction = Reaction(messageID: "wamid.HBgM", emoji: "👍") },
            sample {
                $0.template = Template(name: "spring_sale", language: "en_US", components: components, category: .marketing)
                $0.marketing = Marketing(productPolicy: "CLOUD_API_FALLBACK", activitySharing: true)
            },
        ] + interactives.map { interactive in sample { $0.interactive = interactive } }

    private static func sample(_ fill: (inout Params) -> Void) -> Params {
        var params = Params(to: "919876543210", requestKey: "order-4712")
        fill(&params)
        return params
    }

    private static let card = ContactCard(
        name: ContactCard.Name(
            formattedName: "Dr Asha M. Rao", firstName: "Asha", lastName: "Rao", middleName: "M.", prefix: "Dr", suffix: "MD"),
        phones: [ContactCard.Phone(phone: "+91 98765 43210", type: "WORK", waID: "919876543210")],
        emails: [ContactCard.Email(email: "asha@example.org", type: "WORK")],
        urls: [ContactCard.Website(url: "https://example.org", type: "WORK")],
        addresses: [
            ContactCard.Address(
                street: "FC Road 1", city: "Pune", state: "MH", zip: "411004", country: "India", countryCode: "IN", type: "WORK")
        ],
        org: ContactCard.Organisation(company: "Lucky Shrub", department: "Care", title: "Head"),
        birthday: "1990-08-15"
    )

    private static let interactives: [InteractiveMessage] = [
        InteractiveMessage(
            header: .image(MediaMessage(id: "1037543291543636")), body: "Shall we deliver today?", footer: "Lucky Shrub",
            action: .buttons([ReplyButton(id: "yes", title: "Yes"), ReplyButton(id: "no", title: "No")])),
        InteractiveMessage(
            header: .text("Menu"), body: "What would you like?",
            action: .list(
                button: "Choose",
                sections: [ListSection(title: "Snacks", rows: [ListSection.Row(id: "samosa", title: "Samosa", description: "Two pieces")])])
        ),
        InteractiveMessage(
            header: .video(MediaMessage(link: "https://example.org/tour.mp4")), body: "See more",
            action: .ctaURL(LinkButton(displayText: "Open", url: "https://example.org"))),
        InteractiveMessage(
            header: .document(MediaMessage(id: "1037543291543638", filename: "terms.pdf")), body: "Book a table",
            action: .flow(
                FlowButton(
                    flowID: "1244", callToAction: "Book", token: "t-1", mode: "published", action: "navigate",
                    payload: FlowButton.Payload(screen: "DATE", data: ["guests": 2])))),
        InteractiveMessage(body: "Book by name", action: .flow(FlowButton(flowName: "table", callToAction: "Book"))),
        InteractiveMessage(body: "Our best", footer: "While it lasts", action: .product(catalogID: "367", retailerID: "tea-1")),
        InteractiveMessage(
            header: .text("Tea"), body: "Choose a tea",
            action: .productList(catalogID: "367", sections: [ProductSection(title: "Green", items: ["tea-1", "tea-2"])])),
        InteractiveMessage(body: "Our catalogue", action: .catalogMessage(thumbnailRetailerID: "tea-1")),
        InteractiveMessage(body: "Where shall we deliver?", action: .locationRequest),
        InteractiveMessage(
            body: "Your address, please",
            action: .address(
                AddressRequest(
                    country: "IN", values: ["name": "Asha"], savedAddresses: [["id": "1", "value": ["name": "Asha"]]],
                    validationErrors: ["in_pin_code": "unknown"]))),
        InteractiveMessage(body: "Call us", action: .voiceCall(VoiceCallButton(displayText: "Call", ttlMinutes: 60))),
        InteractiveMessage(body: "May we call you?", action: .callPermissionRequest),
        InteractiveMessage(body: "Who are you?", action: .requestContactInfo),
        InteractiveMessage(
            body: "New arrivals",
            action: .carousel([
                CarouselCard(
                    index: 0, header: .image(MediaMessage(link: "https://example.org/1.jpg")), body: "First",
                    link: LinkButton(displayText: "Buy", url: "https://example.org/1")),
                CarouselCard(
                    index: 1, header: .image(MediaMessage(link: "https://example.org/2.jpg")),
                    link: LinkButton(displayText: "Buy", url: "https://example.org/2")),
            ])),
        InteractiveMessage(
            body: "Your bill",
            action: .orderDetails([
                "reference_id": "4711", "type": "digital-goods", "payment_type": "upi", "payment_configuration": "main", "currency": "INR",
                "total_amount": ["value": 21000, "offset": 100],
                "order": [
                    "status": "pending",
                    "items": [
                        [
                            "retailer_id": "tea-1", "name": "Tea", "amount": ["value": 20000, "offset": 100], "quantity": 1,
                            "sale_amount": ["value": 20000, "offset": 100],
                        ]
                    ], "subtotal": ["value": 20000, "offset": 100], "tax": ["value": 1000, "offset": 100, "description": "GST"],
                ],
            ])),
        InteractiveMessage(
            body: "Your order left",
            action: .orderStatus(["reference_id": "4711", "order": ["status": "shipped", "description": "On its way"]])),
    ]

    private static let components: [TemplateComponent] = [
        .header(.image(MediaMessage(link: "https://example.org/sale.jpg"))),
        .body([
            .text("Asha", name: "name"), .currency(fallback: "₹ 100", code: "INR", amount1000: 100_000, name: "price"),
            .dateTime(fallback: "1 May", name: "day"),
        ]),
        .button(index: 0, .quickReply(payload: "stop-marketing")),
        .button(index: 1, .url(suffix: "sale?c=4711")),
        .button(index: 2, .copyCode("SPRING25")),
        .button(index: 3, .flow(token: "t-1", data: ["screen": "A"])),
        .button(index: 4, .catalog(thumbnailRetailerID: "tea-1")),
        .button(index: 5, .multiProduct(thumbnailRetailerID: "tea-1", sections: [ProductSection(title: "Tea", items: ["tea-1"])])),
        .limitedTimeOffer(expiresAt: Timestamp(milliseconds: 1_790_000_000_000)),
        .tapTarget(url: "https://example.org/sale", title: "Sale"),
        .carousel([
            TemplateCard(
                index: 0,
                components: [
                    .header(.video(MediaMessage(id: "1037543291543636"))), .body([.text("Tea")]), .button(index: 0, .url(suffix: "tea")),
                ]),
            TemplateCard(index: 1, components: [.header(.gif(MediaMessage(id: "1037543291543637")))]),
            TemplateCard(index: 2, components: [.header(.document(MediaMessage(id: "1037543291543638", filename: "a.pdf")))]),
            TemplateCard(
                index: 3,
                components: [.header(.location(Location(latitude: 18.5, longitude: 73.8, name: "Shop", address: "Pune")))]),
            TemplateCard(index: 4, components: [.header(.product(catalogID: "367", retailerID: "tea-1"))]),
        ]),
    ]
}
