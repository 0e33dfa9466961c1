import CArgon2
import Crypto
import Foundation
import RPCContract

/// A password as it is kept: argon2id, in the form that names its own costs.
///
/// Source: RFC 9106.
struct PasswordHash: Sendable, Equatable {
    /// Such as `$argon2id$v=19$m=19456,t=2,p=1$…$…`.
    let text: String

    /// What it takes to make one, and so to try a password.
    struct Costs: Sendable {
        let kibibytes: UInt32
        let passes: UInt32

        /// Source: OWASP, Password Storage Cheat Sheet.
        static let usual = Costs(kibibytes: 19_456, passes: 2)
        private static let lanes: UInt32 = 1
        private static let hashBytes: UInt32 = 32
        private static let saltBytes: UInt32 = 16

        fileprivate func text(of password: [UInt8], salt: Data) throws(Fault) -> String {
            let room = argon2_encodedlen(passes, kibibytes, Self.lanes, Self.saltBytes, Self.hashBytes, Argon2_id)
            var encoded = [CChar](repeating: 0, count: room)
            let outcome = salt.withUnsafeBytes { salt in
                argon2id_hash_encoded(
                    passes, kibibytes, Self.lanes, password, password.count, salt.baseAddress, salt.count, Int(Self.hashBytes), &encoded,
                    room)
            }
            guard outcome == ARGON2_OK.rawValue else { throw fault(outcome) }
            return String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        /// One that no password has, and that costs as much to try.
        var nobodys: PasswordHash {
            let (salt, hash) = (String(repeating: "A", count: 22), String(repeating: "A", count: 43))
            return PasswordHash(kept: "\(head)\(salt)$\(hash)")
        }

        /// How what is kept begins.
        fileprivate var head: String { "$argon2id$v=19$m=\(kibibytes),t=\(passes),p=\(Self.lanes)$" }
    }

    /// What has been kept.
    init(kept text: String) { self.text = text }

    /// Takes tens of milliseconds and 19 MiB: only `PasswordLine` asks for it.
    init(of password: String, _ costs: Costs) throws(Fault) {
        // Secure chance: whoever knows the seed of a run knows no salt of it.
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
        text = try costs.text(of: Self.bytes(of: password), salt: salt)
    }

    /// Whether it was made at these costs.
    func has(_ costs: Costs) -> Bool { text.hasPrefix(costs.head) }

    /// Whether it is the hash of this password; costs as much as making it.
    func isOf(_ password: String) throws(Fault) -> Bool {
        let bytes = Self.bytes(of: password)
        let outcome = argon2id_verify(text, bytes, bytes.count)
        switch outcome {
        case ARGON2_OK.rawValue: return true
        case ARGON2_VERIFY_MISMATCH.rawValue: return false
        default: throw fault(outcome)
        }
    }

    /// The same password counts however a keyboard puts its accents together.
    private static func bytes(of password: String) -> [UInt8] { Array(password.precomposedStringWithCanonicalMapping.utf8) }
}

/// That argon2 itself failed: there was no memory, or what was kept is no hash of its.
private func fault(_ outcome: Int32) -> Fault {
    Fault(.internal, "A password could not be hashed: \(String(cString: argon2_error_message(outcome))).")
}
