package import RPCContract

/// The advertisement or post that brought a customer to the chat.
///
/// Source: Meta, webhooks, messages object, referral.
package struct Referral: Described, Equatable {
    package var sourceURL: String?
    package var sourceID: String?
    package var sourceType: String?
    package var headline: String?
    package var body: String?
    package var clickID: String?
    package var mediaType: String?
    package var imageURL: String?
    package var videoURL: String?
    package var thumbnailURL: String?
    package var welcomeMessage: String?

    package static let fields: Fields = [
        "sourceURL": .text("Where the advertisement or post is.", 0...2048),
        "sourceID": .text("Meta's id of the advertisement or post.", 0...256),
        "sourceType": .text("Meta's word: `ad` or `post`.", 0...64),
        "headline": .text("Its headline.", 0...4096),
        "body": .text("Its text.", 0...65_536),
        "clickID": .text("Meta's id of the click, by which the advertisement can be credited.", 0...1024),
        "mediaType": .text("What it shows, in Meta's word: `image` or `video`.", 0...64),
        "imageURL": .text("Where its picture is.", 0...2048),
        "videoURL": .text("Where its film is.", 0...2048),
        "thumbnailURL": .text("Where the small picture of its film is.", 0...2048),
        "welcomeMessage": .text("What the customer was greeted with in the chat.", 0...65_536),
    ]

    init?(_ value: JSONValue) {
        guard value.object != nil else { return nil }
        sourceURL = value["source_url"]?.string?.cut(to: 2048)
        sourceID = value["source_id"]?.text?.cut(to: 256)
        sourceType = value["source_type"]?.string?.cut(to: 64)
        headline = value["headline"]?.string?.cut(to: 4096)
        body = value["body"]?.string?.cut(to: 65_536)
        clickID = value["ctwa_clid"]?.text?.cut(to: 1024)
        mediaType = value["media_type"]?.string?.cut(to: 64)
        imageURL = value["image_url"]?.string?.cut(to: 2048)
        videoURL = value["video_url"]?.string?.cut(to: 2048)
        thumbnailURL = value["thumbnail_url"]?.string?.cut(to: 2048)
        welcomeMessage = value["welcome_message"]?["text"]?.string?.cut(to: 65_536)
    }
}
