import RPCContract
import TemplateContract
import Testing

@testable import linda

/// A template as its customer reads it.
@Suite struct RenderedTemplateTests {
    @Test func nothingOfItIsLeftOut() {
        var reply = RenderTemplate.example.reply
        #expect(Templates.Render.text(reply) == "Order news\n\nHello Asha, your order 4711 is on its way.\n\nLucky Shrub\n[ Track ]")
        (reply.header, reply.footer, reply.buttons) = (nil, nil, [])
        #expect(Templates.Render.text(reply) == "Hello Asha, your order 4711 is on its way.")
    }
}
