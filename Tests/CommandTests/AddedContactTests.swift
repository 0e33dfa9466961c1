import SyncContract
import Testing

@testable import linda

/// Whoever adds a contact hears whether it is new, has changed or is as it was.
@Suite struct AddedContactTests {
    @Test func whatHasComeOfItIsTold() {
        let asha = Contact.example
        func outcome(_ former: Contact?) -> String { Contacts.Add.outcome("Asha Rao", now: asha, before: former) }
        #expect(outcome(nil) == "added Asha Rao as \(asha.id)")
        #expect(outcome(asha) == "Asha Rao is a contact already, and is as it was: \(asha.id)")
        var former = asha
        former.firstName = nil
        #expect(outcome(former) == "changed Asha Rao, \(asha.id): first name")
        former.language = "en"
        #expect(outcome(former) == "changed Asha Rao, \(asha.id): first name, language")
    }
}
