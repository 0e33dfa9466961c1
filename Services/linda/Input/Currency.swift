import ArgumentParser

/// A currency's three letters as ISO 4217 has them, in capitals or not: INR, eur.
struct Currency: ExpressibleByArgument, Equatable {
    let code: String

    static let rupee = Currency(code: "INR")

    var defaultValueDescription: String { code }

    init?(argument: String) {
        code = argument.uppercased()
        guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
    }

    private init(code: String) { self.code = code }
}
