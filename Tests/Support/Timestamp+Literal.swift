package import Vocabulary

/// In tests a moment may be written as the milliseconds that it is.
extension Timestamp: ExpressibleByIntegerLiteral {
    package init(integerLiteral milliseconds: Int64) { self.init(milliseconds: milliseconds) }
}
