/// A file of a message that Meta fetches itself.
struct MediaLink: Sendable, Hashable {
    var kind: String
    var url: String
}
