import Testing

@testable import Vocabulary

/// One reader of phone numbers: nobody else is written to because of how a number was written.
@Suite struct PhoneNumberTests {
    @Test(arguments: [
        ("+91 98765 43210", "919876543210"), ("0091-98765-43210", "919876543210"), ("+1 (555) 078-3881", "15550783881"),
        // Meta's own bare digits.
        ("919876543210", "919876543210"), ("15550783881", "15550783881"), ("4915112345678", "4915112345678"),
        // A spreadsheet's decimals, and its mark for text.
        ("919800000031.0", "919800000031"), ("919800000031.00", "919800000031"), ("919800000031,0", "919800000031"),
        ("'+919800000031", "919800000031"), ("9.19876500008E+11", "919876500008"), ("9,19876500008e11", "919876500008"),
        // Other scripts' digits, marks of direction, a full-width plus, no-break spaces.
        ("+९१ ९८७६५ ४३२१०", "919876543210"), ("\u{202A}+91 98765 43210\u{202C}", "919876543210"), ("＋919876543210", "919876543210"),
        ("+91\u{A0}98765\u{202F}43210", "919876543210"), (" +919876543210\n", "919876543210"),
        // The zero that is only dialled within the country.
        ("+49 (0)30 1234567", "49301234567"), ("+4915112345678", "4915112345678"), ("+5511987654321", "5511987654321"),
    ])
    func whatSaysItsCountryIsRead(written: String, digits: String) throws {
        #expect(try PhoneNumber.read(written).rawValue == digits)
    }

    @Test(arguments: [
        ("98765 43211", PhoneNumber.Problem.national), ("9876543211", .national), ("098765 43210", .national), ("5550783881", .national),
        ("98765", .national), ("11987654321", .length), ("", .empty), ("   ", .empty), ("+", .characters), ("abc", .characters),
        ("98765x43210", .characters), ("++9198765", .characters), ("+91 98765 43210 / +91 98765 43211", .characters), ("12", .national),
        ("+0123456789", .length), ("1234567890123456", .length), ("+12345", .length), ("+9198000000310", .length), ("+919800", .length),
        ("9.19876E+11", .rounded), ("9,19876E+11", .rounded), ("9E11", .rounded), ("9.1987650000E+11", .rounded),
        ("91.9876500008E+10", .rounded), (String(repeating: "9", count: 100_000), .length),
        ("+91 98765\u{0}43210", .characters), ("१".description, .national),
    ])
    func whatMayBeSomebodyElsesIsRefusedWithTheReason(written: String, problem: PhoneNumber.Problem) {
        #expect(throws: problem) { try PhoneNumber.read(written) }
        #expect(PhoneNumber.normalise(written) == nil)
        // Looking somebody up by it finds nobody, and nobody else.
        #expect(ContactID(written: written).rawValue == written)
    }

    @Test(arguments: [
        ("098765 43210", "91", "919876543210"), ("9876543210", "91", "919876543210"), ("919876543210", "91", "919876543210"),
        ("9198765432", "91", "919198765432"), ("+15550783881", "91", "15550783881"), ("0015550783881", "91", "15550783881"),
        ("11987654321", "55", "5511987654321"), ("55987654321", "55", "5555987654321"), ("5511987654321", "55", "5511987654321"),
        ("(555) 078-3881", "1", "15550783881"), ("1 555 078 3881", "1", "15550783881"), ("015112345678", "49", "4915112345678"),
    ])
    func nationalNumbersTakeTheCountryCodeThatIsSaid(written: String, countryCode: String, digits: String) throws {
        #expect(try PhoneNumber.read(written, countryCode: countryCode).rawValue == digits)
    }

    @Test func aForeignNumberInANationalListIsAskedAbout() {
        #expect(throws: PhoneNumber.Problem.foreign(countryCode: "91")) { try PhoneNumber.read("15550783881", countryCode: "91") }
        #expect(throws: PhoneNumber.Problem.length) { try PhoneNumber.read("98765", countryCode: "91") }
    }

    /// Wherever it stands in a text, a number that is as long as a phone number is shown by its ends.
    @Test(arguments: [
        ("default:106540352242922:919876543210", "default:10…22:91…10"),
        ("s:wamid.HBg:delivered:919876543210", "s:wamid.HBg:delivered:91…10"),
        ("01JD0000000000000000000000", "01JD00…00"), ("reason=null", "reason=null"), ("", ""), ("123456", "123456"),
    ])
    func numbersInATextAreMasked(text: String, masked: String) { #expect(Redacted.numbers(in: text) == masked) }
}
