import RPCContract

extension JSONValue {
    /// What stands at a path, where it says something: Meta writes `NONE` for nothing.
    func word(_ path: String...) -> String? {
        let found = path.reduce(Optional(self)) { $0?[$1] }?.text
        return found.flatMap { $0.isEmpty || $0 == "NONE" ? nil : $0.cut(to: 512) }
    }

    /// The phone number that an event names itself.
    var ownDisplayPhoneNumber: String? { (self["display_phone_number"] ?? self["phone_number"])?.text?.cut(to: 64) }

    /// The phone number that an event is about, named by itself or beside it.
    var displayPhoneNumber: String? { ownDisplayPhoneNumber ?? self["metadata"]?["display_phone_number"]?.text?.cut(to: 64) }
}
