package import RPCContract

/// A contact to save, as `contacts` carries it.
package struct ContactCard: Described, Equatable {
    package struct Name: Described, Equatable {
        package var formattedName: String
        package var firstName: String?
        package var lastName: String?
        package var middleName: String?
        package var prefix: String?
        package var suffix: String?

        package static let fields: Fields = [
            "formatted_name": .text("The full name, as it is shown. At least one other part of the name is required too.", 1...512),
            "first_name": .text("The first name.", 0...512),
            "last_name": .text("The family name.", 0...512),
            "middle_name": .text("The middle name or its initial.", 0...512),
            "prefix": .text("What stands before the name, such as Dr.", 0...512),
            "suffix": .text("What stands after the name, such as Jr.", 0...512),
        ]

        package init(
            formattedName: String,
            firstName: String? = nil,
            lastName: String? = nil,
            middleName: String? = nil,
            prefix: String? = nil,
            suffix: String? = nil
        ) {
            self.formattedName = formattedName
            self.firstName = firstName
            self.lastName = lastName
            self.middleName = middleName
            self.prefix = prefix
            self.suffix = suffix
        }

        private enum CodingKeys: String, CodingKey {
            case formattedName = "formatted_name"
            case firstName = "first_name"
            case lastName = "last_name"
            case middleName = "middle_name"
            case prefix, suffix
        }
    }

    package struct Phone: Described, Equatable {
        package var phone: String?
        package var type: String?
        package var waID: String?

        package static let fields: Fields = [
            "phone": .text("The phone number, as it is shown.", 0...64),
            "type": .text("What kind of number it is, such as WORK, HOME or CELL.", 0...64),
            "wa_id": .text(
                "The WhatsApp id of the number, which makes the card's button open a chat. The button invites the person to WhatsApp if absent.",
                1...128),
        ]

        package init(phone: String?, type: String? = nil, waID: String? = nil) {
            self.phone = phone
            self.type = type
            self.waID = waID
        }

        private enum CodingKeys: String, CodingKey {
            case phone, type
            case waID = "wa_id"
        }
    }

    package struct Email: Described, Equatable {
        package var email: String
        package var type: String?

        package static let fields: Fields = [
            "email": .text("The email address.", 0...320),
            "type": .text("What kind of address it is, such as WORK or HOME.", 0...64),
        ]

        package init(email: String, type: String? = nil) {
            self.email = email
            self.type = type
        }
    }

    package struct Website: Described, Equatable {
        package var url: String
        package var type: String?

        package static let fields: Fields = [
            "url": .url("The http or https address of the website."),
            "type": .text("What kind of website it is, such as WORK or HOME.", 0...64),
        ]

        package init(url: String, type: String? = nil) {
            self.url = url
            self.type = type
        }
    }

    package struct Address: Described, Equatable {
        package var street: String?
        package var city: String?
        package var state: String?
        package var zip: String?
        package var country: String?
        package var countryCode: String?
        package var type: String?

        package static let fields: Fields = [
            "street": .text("The street and the number of the house.", 0...256),
            "city": .text("The city.", 0...256),
            "state": .text("The state or province, in short or in full.", 0...256),
            "zip": .text("The postal code.", 0...64),
            "country": .text("The name of the country.", 0...256),
            "country_code": .text("The ISO 3166 code of the country, in capital or small letters.", 0...3),
            "type": .text("What kind of address it is, such as WORK or HOME.", 0...64),
        ]

        package init(
            street: String? = nil,
            city: String? = nil,
            state: String? = nil,
            zip: String? = nil,
            country: String? = nil,
            countryCode: String? = nil,
            type: String? = nil
        ) {
            self.street = street
            self.city = city
            self.state = state
            self.zip = zip
            self.country = country
            self.countryCode = countryCode
            self.type = type
        }

        private enum CodingKeys: String, CodingKey {
            case street, city, state, zip, country
            case countryCode = "country_code"
            case type
        }
    }

    package struct Organisation: Described, Equatable {
        package var company: String?
        package var department: String?
        package var title: String?

        package static let fields: Fields = [
            "company": .text("The company that the person works for.", 0...512),
            "department": .text("The department within the company.", 0...512),
            "title": .text("The person's job title.", 0...512),
        ]

        package init(company: String? = nil, department: String? = nil, title: String? = nil) {
            self.company = company
            self.department = department
            self.title = title
        }
    }

    package var name: Name
    package var phones: [Phone]?
    package var emails: [Email]?
    package var urls: [Website]?
    package var addresses: [Address]?
    package var org: Organisation?
    package var birthday: String?

    package static let fields: Fields = [
        "name": "The name of the person or business.",
        "phones": .list("Phone numbers of the person.", 0...50),
        "emails": .list("Email addresses of the person.", 0...50),
        "urls": .list("Websites of the person.", 0...50),
        "addresses": .list("Postal addresses of the person.", 0...50),
        "org": "Where the person works.",
        "birthday": .text("The person's birthday, as year, month and day: 1990-08-15.", 10...10),
    ]

    package init(
        name: Name,
        phones: [Phone]? = nil,
        emails: [Email]? = nil,
        urls: [Website]? = nil,
        addresses: [Address]? = nil,
        org: Organisation? = nil,
        birthday: String? = nil
    ) {
        self.name = name
        self.phones = phones
        self.emails = emails
        self.urls = urls
        self.addresses = addresses
        self.org = org
        self.birthday = birthday
    }

    func check(_ path: String) throws(ContentProblem) {
        let parts = [name.firstName, name.lastName, name.middleName, name.prefix, name.suffix]
        try ContentProblem.check(
            parts.contains { $0?.isEmpty == false }, "\(path).name", "needs one more part besides formatted_name, such as first_name")
        if let birthday {
            let isDate = birthday.wholeMatch(of: /[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])/) != nil
            try ContentProblem.check(isDate, "\(path).birthday", "is a date such as 1990-08-15")
        }
        for (index, url) in (urls ?? []).enumerated() { try Link.check(url.url, "\(path).urls[\(index)].url") }
    }
}
