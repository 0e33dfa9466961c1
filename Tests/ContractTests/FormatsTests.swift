import AccountContract
import Foundation
import RPCContract
import SyncContract
import Testing

/// Texts whose form a standard fixes: told by name in every schema, and held to in every call.
@Suite struct FormatsTests {
    private func schema<M: RPCMethod>(_ method: M.Type, _ path: String...) throws -> JSONValue? {
        let schema = try Schema.params(of: M.self).json(isClosed: true)
        return path.reduce(schema) { value, name in name == "[]" ? value?["items"] : value?["properties"]?[name] }
    }

    @Test func schemasNameTheForm() throws {
        #expect(try schema(CreateContact.self, "language")?["format"] == "BCP 47")
        #expect(try schema(CreateContact.self, "email")?["format"] == "email")
        #expect(try schema(CreateContact.self, "bsuid")?["pattern"] == #"^(?:[A-Z]{2}\.[A-Za-z0-9.]{1,128})$"#)
        #expect(try schema(UpdateContact.self, "email")?["pattern"] == #"^(?:[^\s@]+@[^\s@]+)?$"#)
        #expect(try schema(CreateWindow.self, "timeZone")?["format"] == "IANA time zone")
        #expect(try schema(AddToBroadcastList.self, "countryCode")?["format"] == "E.164 country code")
        #expect(try schema(ImportTariffs.self, "items", "[]", "country")?["format"] == "ISO 3166-1 alpha-2")
        #expect(try schema(ImportTariffs.self, "items", "[]", "country")?["pattern"] == #"^(?:[A-Z]{2}|\*)$"#)
        #expect(try schema(ImportTariffs.self, "items", "[]", "price", "currency")?["format"] == "ISO 4217")
        #expect(try schema(SendMessage.self, "to")?["format"] == "E.164 or BSUID")
    }

    private func message<M: RPCMethod>(_ method: M.Type, _ json: String) -> String? {
        do { _ = try ParamsDecoder<M>().decode(Data(json.utf8)) } catch { return (error as? Fault)?.message ?? "\(error)" }
        return nil
    }

    /// A person's own are told as they are shown everywhere: by their ends.
    @Test func anotherFormIsToldWithTheValue() {
        #expect(message(LookupContact.self, #"{"bsuid":"IN.13491208655302741918"}"#) == nil)
        #expect(
            message(LookupContact.self, #"{"bsuid":"13491208655302741918"}"#)?.hasPrefix(
                "bsuid is 13…18, not a country code, a dot and an id") == true)
        let asha = #"{"phone":"+919876543210","name":"Asha","email":"#
        #expect(message(CreateContact.self, asha + #""asha@example.com"}"#) == nil)
        for email in ["asha", "@example.com", "asha@", "a sha@example.com", "a@b@example.com"] {
            #expect(message(CreateContact.self, asha + "\"\(email)\"}")?.hasPrefix("email is ") == true, "\(email)")
        }
        #expect(message(UpdateContact.self, #"{"id":"1","email":""}"#) == nil)
        for (country, isTaken) in [("IN", true), ("*", true), ("**", false), ("I", false), ("in", false), ("INR", false)] {
            let item = #"{"country":"\#(country)","category":"marketing","price":{"currency":"INR","micros":1},"from":0}"#
            let told = message(ImportTariffs.self, #"{"items":[\#(item)]}"#)
            #expect(isTaken ? told == nil : told?.hasPrefix("items[0].country ") == true, "\(country): \(told ?? "taken")")
        }
    }

    /// What comes by another way is held against the same rule.
    @Test func aRuleJudgesAlone() {
        #expect(Rule.language.problem(with: "en_US") == nil)
        #expect(Rule.language.problem(with: "Hindi!") == "has \"!\" as character 6; it consists of letters, digits, - and _")
        #expect(Rule.email.problem(with: "") == "is empty; it has 3 to 254 characters")
        #expect(Rule.email.problem(with: "asha") == "is not an e-mail address, such as asha@example.com")
        #expect(Rule.email.problem(with: "a sha@b.com") == "is a…@b….com, not an e-mail address, such as asha@example.com")
        #expect(Rule.list(0...1, of: .text(1...2)).violation(by: ["a", "b"])?.problem == "holds 2 items; it holds 0 to 1")
        #expect(Rule.map(0...2, of: .text(0...1)).violation(by: ["a": "bc"])?.path == "a")
    }
}
