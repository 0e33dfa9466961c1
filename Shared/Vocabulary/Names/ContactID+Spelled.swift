extension ContactID {
    /// A phone number as people and spreadsheets keep it: `+91 9876543210`, which no program takes for an amount.
    package var spelled: String {
        guard !isBSUID, let code = CallingCode.of(self)?.code, rawValue.hasPrefix(code) else { return rawValue }
        return "+\(code) \(rawValue.dropFirst(code.count))"
    }
}
