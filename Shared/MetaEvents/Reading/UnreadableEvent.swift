/// Why an event cannot be handled.
package struct UnreadableEvent: Error, Equatable {
    package var reason: String
}
