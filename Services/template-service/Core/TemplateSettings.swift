package import ServiceKit

/// What an operator may set for template-service.
package struct TemplateSettings: ProcessSettings {
    let graphURL: String
    let graphVersion: String

    package init(_ reader: inout SettingsReader) throws(StartRefusal) {
        graphURL = try reader.webAddress("graph.url", "https://graph.facebook.com", "Meta's Graph API.")
        graphVersion = try reader.graphVersion("graph.version", "v24.0", "Its version.")
    }
}
