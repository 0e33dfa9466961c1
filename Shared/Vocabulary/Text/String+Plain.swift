extension Unicode.Scalar {
    /// Whether it is nothing to read, but steers whoever shows it: a control character, a line break, a turn of the direction.
    package var isSteering: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

extension String {
    /// In one line that steers nobody's terminal: line breaks and tabs become spaces, and a mark stands where else something was.
    package var plain: String {
        guard unicodeScalars.contains(where: \.isSteering) else { return self }
        var plain = UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "\t", "\n", "\r": plain.append(" ")
            default: plain.append(scalar.isSteering ? "\u{FFFD}" : scalar)
            }
        }
        return String(plain)
    }
}
