/// A contact to save, as `contacts` carries it.
package struct ContactCard: Codable, Sendable, Equatable {
    package struct Name: Codable, Sendable, Equatable {
        package var formattedName: String
        package var firstName: String?
        package var lastName: String?
        package var middleName: String?
        package var prefix: String?
        package var suffix: String?

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

    package struct Phone: Codable, Sendable, Equatable {
        package var phone: String?
        package var type: String?
        /// The WhatsApp id, which makes the card's button open a chat.
        package var waID: String?

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

    package struct Email: Codable, Sendable, Equatable {
        package var email: String
        package var type: String?

        package init(email: String, type: String? = nil) {
            self.email = email
            self.type = type
        }
    }

    package struct Website: Codable, Sendable, Equatable {
        package var url: String
        package var type: String?

        package init(url: String, type: String? = nil) {
            self.url = url
            self.type = type
        }
    }

    package struct Address: Codable, Sendable, Equatable {
        package var street: String?
        package var city: String?
        package var state: String?
        package var zip: String?
        package var country: String?
        package var countryCode: String?
        package var type: String?

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

    package struct Organisation: Codable, Sendable, Equatable {
        package var company: String?
        package var department: String?
        package var title: String?

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
    /// `YYYY-MM-DD`.
    package var birthday: String?

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
        try ContentProblem.check(name.formattedName, 1...512, "\(path).name.formatted_name")
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
