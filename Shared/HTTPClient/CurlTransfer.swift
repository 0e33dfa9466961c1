import CCurl
import Foundation

/// One transfer; lives on the worker's thread alone.
final class CurlTransfer {
    let number: Int
    private let request: HTTPRequest
    private let waiter: CurlWorker.Waiter
    private let easy: UnsafeMutableRawPointer?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var headers: [String: String] = [:]
    private var body = Data()
    private var outgoing: Data?
    private var input: UnsafeMutablePointer<FILE>?
    private var output: UnsafeMutablePointer<FILE>?
    private var isTooLarge = false
    /// Why an address was not connected to.
    private var refusal: String?
    /// How often curl was about to send the request.
    private var tries = 0

    init(_ number: Int, _ request: HTTPRequest, _ waiter: CurlWorker.Waiter, userAgent: String) {
        self.number = number
        self.request = request
        self.waiter = waiter
        easy = curl_easy_init()
        configure(userAgent)
    }

    private func configure(_ userAgent: String) {
        _ = linda_curl_set_text(easy, CURLOPT_URL, request.url)
        _ = linda_curl_set_text(easy, CURLOPT_USERAGENT, userAgent)
        _ = linda_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        _ = linda_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // Otherwise the end of a request waits for its name server, and with it this thread and all other requests.
        // Source: CURLOPT_QUICK_EXIT(3), since 7.87.
        _ = linda_curl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
        _ = linda_curl_set_long(easy, CURLOPT_TCP_NODELAY, 1)
        _ = linda_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        _ = linda_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, 10_000)
        let milliseconds = request.timeout.components.seconds * 1000 + request.timeout.components.attoseconds / 1_000_000_000_000_000
        _ = linda_curl_set_long(easy, CURLOPT_TIMEOUT_MS, Int(max(1, milliseconds)))
        // An empty Expect spares the round trip that curl otherwise makes before larger bodies.
        for header in request.headers + ["Expect:"] { headerList = curl_slist_append(headerList, header) }
        _ = linda_curl_set_list(easy, CURLOPT_HTTPHEADER, headerList)
        let own = Unmanaged.passUnretained(self).toOpaque()
        _ = linda_curl_set_pointer(easy, CURLOPT_PRIVATE, own)
        _ = linda_curl_set_pointer(easy, CURLOPT_WRITEDATA, own)
        _ = linda_curl_set_pointer(easy, CURLOPT_HEADERDATA, own)
        _ = linda_curl_set_data_function(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, own in
            CurlTransfer.from(own).take(bytes, size * count)
        }
        _ = linda_curl_set_data_function(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, own in
            CurlTransfer.from(own).takeHeader(bytes, size * count)
        }
        // On a kept connection that closes without an answer curl sends the request again by itself. A POST may have been
        // carried out by then, so its second time is refused and the caller decides.
        if request.method == .post {
            _ = linda_curl_set_pointer(easy, CURLOPT_PREREQDATA, own)
            _ = linda_curl_set_prereq_function(easy) { own, _, _, _, _ in
                let transfer = CurlTransfer.from(own)
                transfer.tries += 1
                return transfer.tries == 1 ? Int32(CURL_PREREQFUNC_OK) : Int32(CURL_PREREQFUNC_ABORT)
            }
        }
        if request.addresses != nil { configureAddresses(own) }
        configureBody(own)
    }

    /// Every address is looked at as its socket is opened, and nobody else connects in curl's place.
    private func configureAddresses(_ own: UnsafeMutableRawPointer) {
        _ = linda_curl_set_text(easy, CURLOPT_PROXY, "")
        _ = linda_curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, own)
        _ = linda_curl_set_socket_function(easy) { own, _, address in
            guard let address else { return CURL_SOCKET_BAD }
            return CurlTransfer.from(own).open(address)
        }
    }

    private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = Int(linda_curl_address(address, &bytes))
        guard let problem = request.addresses?(Array(bytes.prefix(count))) else { return linda_curl_open_socket(address) }
        refusal = problem
        return CURL_SOCKET_BAD
    }

    private func configureBody(_ own: UnsafeMutableRawPointer) {
        switch request.method {
        case .get: break
        case .post: _ = linda_curl_set_long(easy, CURLOPT_POST, 1)
        case .put, .patch:
            // With a body, as a POST has it, under another name.
            _ = linda_curl_set_long(easy, CURLOPT_POST, 1)
            _ = linda_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .delete: _ = linda_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, "DELETE")
        }
        switch request.body {
        case .none:
            if [.post, .put, .patch].contains(request.method) { _ = linda_curl_set_long(easy, CURLOPT_POSTFIELDSIZE, 0) }
        case .bytes(let data):
            outgoing = data
            _ = linda_curl_set_long(easy, CURLOPT_POSTFIELDSIZE, data.count)
            data.withUnsafeBytes { bytes in
                // curl copies them, so the pointer need not outlive the call.
                _ = linda_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            }
        case .file(let path):
            input = fopen(path, "rb")
            let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
            _ = linda_curl_set_long(easy, CURLOPT_POSTFIELDSIZE, size)
            _ = linda_curl_set_pointer(easy, CURLOPT_READDATA, own)
            _ = linda_curl_set_data_function(easy, CURLOPT_READFUNCTION) { bytes, size, count, own in
                guard let input = CurlTransfer.from(own).input, let bytes else { return Int(CURL_READFUNC_ABORT) }
                return fread(bytes, 1, size * count, input)
            }
        }
    }

    private var isReady: Bool {
        if easy == nil { return false }
        if case .file = request.body, input == nil { return false }
        if let path = request.saveTo {
            output = fopen(path, "wb")
            return output != nil
        }
        return true
    }

    func attach(to multi: UnsafeMutableRawPointer?) -> Bool {
        isReady && curl_multi_add_handle(multi, easy) == CURLM_OK
    }

    func detach(from multi: UnsafeMutableRawPointer?) { curl_multi_remove_handle(multi, easy) }

    func finish(_ outcome: Result<HTTPResponse, any Error>) {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        if let input { fclose(input) }
        if let output { fclose(output) }
        waiter.resume(with: outcome)
    }

    /// How many connections had to be opened for it; 0 where one was there.
    var openedConnections: Int {
        var connections = 0
        _ = linda_curl_connections(easy, &connections)
        return connections
    }

    func outcome(_ code: CURLcode) -> Result<HTTPResponse, any Error> {
        if isTooLarge, !request.cutsAnswer {
            return .failure(HTTPFailure(mayHaveBeenSent: true, "the answer is longer than \(request.responseLimit) bytes"))
        }
        if tries > 1 {
            return .failure(HTTPFailure(mayHaveBeenSent: true, "the connection closed without an answer"))
        }
        guard code == CURLE_OK || isTooLarge else {
            if let refusal, code == CURLE_COULDNT_CONNECT { return .failure(HTTPFailure(mayHaveBeenSent: false, refusal)) }
            var sent = 0
            _ = linda_curl_request_bytes(easy, &sent)
            return .failure(HTTPFailure(mayHaveBeenSent: sent > 0, String(cString: curl_easy_strerror(code))))
        }
        var status = 0
        _ = linda_curl_status(easy, &status)
        return .success(HTTPResponse(status: status, headers: headers, body: body, isCut: isTooLarge))
    }

    static func of(_ easy: UnsafeMutableRawPointer) -> CurlTransfer? {
        var own: UnsafeMutableRawPointer?
        _ = linda_curl_private(easy, &own)
        return own.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func from(_ own: UnsafeMutableRawPointer?) -> CurlTransfer {
        guard let own else { preconditionFailure("curl called back without its data") }
        return Unmanaged<CurlTransfer>.fromOpaque(own).takeUnretainedValue()
    }

    private func take(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes else { return 0 }
        if let output { return fwrite(bytes, 1, count, output) }
        guard body.count + count <= request.responseLimit else {
            isTooLarge = true
            if request.cutsAnswer {
                let rest = request.responseLimit - body.count
                body.append(UnsafeRawPointer(bytes).assumingMemoryBound(to: UInt8.self), count: rest)
            }
            return 0
        }
        body.append(UnsafeRawPointer(bytes).assumingMemoryBound(to: UInt8.self), count: count)
        return count
    }

    private func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, headers.count < 100 else { return count }
        let line = UnsafeRawBufferPointer(start: bytes, count: count)
        guard let colon = line.firstIndex(of: 0x3A) else { return count }
        // Names are ASCII, and there are a dozen of them with each answer.
        let name = String(decoding: line[..<colon].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        var value = line[(colon + 1)...]
        while let first = value.first, first <= 0x20 { value.removeFirst() }
        while let last = value.last, last <= 0x20 { value.removeLast() }
        headers[name] = String(decoding: value, as: UTF8.self)
        return count
    }
}
