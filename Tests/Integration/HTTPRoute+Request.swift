import Foundation
import HTTPClient
import RPCContract

extension HTTPRoute {
    /// The params of its method as a request: what the path names stands there, the rest in the query or the body.
    func request(_ params: JSONValue) -> (verb: HTTPRequest.Method, path: String, body: String?) {
        var members = params.object ?? [:]
        var path = path
        for name in captures {
            let text = members.removeValue(forKey: name).map { $0.string ?? JSON.text($0) } ?? ""
            path = path.replacing("{\(name)}", with: text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
        }
        let method = HTTPRequest.Method(rawValue: verb.rawValue) ?? .get
        guard [.get, .delete].contains(verb) else { return (method, path, JSON.text(.object(members))) }
        let pairs = members.filter { $0.value.object == nil && $0.value.array == nil }.map { name, value in
            "\(name)=\((value.string ?? JSON.text(value)).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
        return (method, pairs.isEmpty ? path : "\(path)?\(pairs.sorted().joined(separator: "&"))", nil)
    }
}
