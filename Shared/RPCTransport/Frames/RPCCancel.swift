/// The notification with which a caller takes a call back: `{"method":"call.cancel","params":{"id":…}}`.
enum RPCCancel {
    static let method = "call.cancel"
}
