"""PyWa as a client: templates, and the numbers they are sent from."""

import datetime
import unittest
from typing import Any

from pywa import types as t
from pywa.types import templates as tt
from pywa.types.flows import FlowActionType

import sandbox
from sandbox import ClientCase, RefusalCase

ENGLISH = tt.TemplateLanguage.ENGLISH_US
PAGE = "https://example.com/menu"
UTILITY = tt.TemplateCategory.UTILITY
MARKETING = tt.TemplateCategory.MARKETING


def template(name: str, *components: Any, category: tt.TemplateCategory = UTILITY, **more: Any) -> tt.Template:
    """A template in English."""
    return tt.Template(name=name, language=ENGLISH, category=category, components=list(components), **more)


class TemplateCase(ClientCase):
    """Templates of one account."""

    def approved(self, *args: Any, **more: Any) -> str:
        """Makes a template and waits for Meta's review; its id."""
        made = self.wa.create_template(template(*args, **more))
        self.assertEqual(made.status, tt.TemplateStatus.PENDING)
        self.wait_for_review(made.id)
        return made.id

    def wait_for_review(self, id: str) -> None:
        """Waits until Meta has approved a template."""
        sandbox.wait_until(lambda: self.wa.get_template(id).status == tt.TemplateStatus.APPROVED, "the review", pause=0.1)

    def sent(self, name: str, *params: tt.BaseParams, **more: Any) -> list[dict[str, Any]]:
        """Sends a template; its components as the phone got them."""
        sent = self.wa.send_template(self.to, name, ENGLISH, params=list(params), **more)
        self.assertEqual(sent.status, "accepted")
        arrived = self.arrived(sent, "template")
        self.assertEqual((arrived["name"], arrived["language"]["code"]), (name, "en_US"))
        return arrived["components"]


class TemplateTests(TemplateCase):
    """Templates of every make, from their review to the phone."""

    def test_whole(self) -> None:
        """A template with all parts is read back as it was made, and arrives with its parameters."""
        id = self.approved(
            "order_ready",
            tt.HeaderText("Order {{1}}", "7"),
            tt.BodyText("Hi {{1}}, your {{2}} is ready for you now.", "Asha", "dosa"),
            tt.FooterText(text="Linda"),
            tt.Buttons(
                buttons=[
                    tt.QuickReplyButton(text="Thanks"),
                    tt.URLButton(text="Track", url="https://example.com/{{1}}", example="https://example.com/7"),
                    tt.PhoneNumberButton(text="Call", phone_number="+918047181000"),
                ]
            ),
        )
        found = self.wa.get_template(id)
        self.assertEqual((found.id, found.name, found.language, found.category), (id, "order_ready", ENGLISH, UTILITY))
        header, body, footer, buttons = found.components
        self.assertEqual(header.text, "Order {{1}}")
        self.assertEqual((body.text, body.example), ("Hi {{1}}, your {{2}} is ready for you now.", ("Asha", "dosa")))
        self.assertEqual((footer.text, [button.text for button in buttons.buttons]), ("Linda", ["Thanks", "Track", "Call"]))
        components = self.sent(
            "order_ready",
            tt.HeaderText.params("7"),
            tt.BodyText.params("Asha", "dosa"),
            tt.QuickReplyButton.params(callback_data="thanks", index=0),
            tt.URLButton.params(url_variable="7", index=1),
        )
        self.assertEqual([part["text"] for part in components[1]["parameters"]], ["Asha", "dosa"])

    def test_named(self) -> None:
        """Variables may have names."""
        body = tt.BodyText("Hi {{name}}, your {{dish}} is ready for you now.", name="Asha", dish="dosa")
        self.approved("named", body, parameter_format=tt.ParamFormat.NAMED)
        (component,) = self.sent("named", body.params(name="Asha", dish="idli"))
        self.assertEqual({part["parameter_name"]: part["text"] for part in component["parameters"]}, {"name": "Asha", "dish": "idli"})

    def test_place(self) -> None:
        """A header can be a place."""
        self.approved("place", tt.HeaderLocation(), tt.BodyText("We are here."))
        (header,) = self.sent("place", tt.HeaderLocation.params(lat=12.97, lon=77.59, name="Linda", address="MG Road"))
        self.assertEqual(header["parameters"][0]["location"]["name"], "Linda")

    def test_picture(self) -> None:
        """A header can be a picture, which is uploaded when the template is sent."""
        # PyWa uploads the example elsewhere; the sandbox does not play that.
        picture = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW1hZ2UvcG5n"]}}
        words = {"name": "picture", "language": "en_US", "category": "MARKETING"}
        made = self.wa.api.create_template(
            self.number.waba, {**words, "components": [picture, {"type": "BODY", "text": "Come and eat."}]}
        )
        self.wait_for_review(made["id"])
        (header,) = self.sent("picture", tt.HeaderImage.params(image=b"a picture", mime_type="image/png"))
        id = header["parameters"][0]["image"]["id"]
        self.assertEqual(self.wa.get_media_bytes(self.wa.get_media_url(id).url), b"a picture")

    def test_code(self) -> None:
        """A one-time code arrives in the words and on the button."""
        self.approved(
            "code",
            tt.AuthenticationBody(add_security_recommendation=True),
            tt.AuthenticationFooter(code_expiration_minutes=5),
            tt.Buttons(buttons=[tt.CopyCodeOTPButton(text="Copy")]),
            category=tt.TemplateCategory.AUTHENTICATION,
        )
        components = self.sent("code", tt.AuthenticationBody.params(otp="123456"), tt.CopyCodeOTPButton.params(otp="123456"))
        self.assertEqual([part["parameters"][0]["text"] for part in components], ["123456", "123456"])

    def test_offer(self) -> None:
        """An offer ends at its time and has a code to copy."""
        buttons = tt.Buttons(buttons=[tt.CopyCodeButton(example="SAVE20"), tt.URLButton(text="Open", url=PAGE)])
        self.approved("offer", tt.LimitedTimeOffer(text="Today"), tt.BodyText("Eat for less."), buttons, category=MARKETING)
        tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)
        offer = tt.LimitedTimeOffer.params(expiration_time=tomorrow)
        components = self.sent("offer", offer, tt.CopyCodeButton.params(coupon_code="SAVE20", index=0))
        self.assertEqual(components[1]["parameters"][0]["coupon_code"], "SAVE20")

    def test_flow(self) -> None:
        """A button can open a flow."""
        button = tt.FlowButton(text="Book", flow_id="1234", flow_action=FlowActionType.NAVIGATE, navigate_screen="TABLE")
        self.approved("flow", tt.BodyText("A table?"), tt.Buttons(buttons=[button]))
        (component,) = self.sent("flow", tt.FlowButton.params(index=0, flow_token="token", flow_action_data={"seats": 2}))
        self.assertEqual(component["parameters"][0]["action"]["flow_token"], "token")

    def test_products(self) -> None:
        """Buttons can open the catalogue and a choice of products."""
        look = tt.BodyText("Look.")
        self.approved("catalogue", look, tt.Buttons(buttons=[tt.CatalogButton(text="View")]), category=MARKETING)
        self.sent("catalogue", tt.CatalogButton.params(index=0, thumbnail_product_sku="dosa"))
        self.approved("products", look, tt.Buttons(buttons=[tt.MPMButton(text="View")]), category=MARKETING)
        sections = [t.ProductsSection("Breakfast", ["dosa"])]
        self.sent("products", tt.MPMButton.params(index=0, product_sections=sections, thumbnail_product_sku="dosa"))

    def test_calls(self) -> None:
        """Buttons can call us and let us call."""
        for name, button in (("call", tt.VoiceCallButton(text="Call")), ("leave", tt.CallPermissionRequestButton())):
            self.approved(name, tt.BodyText("Shall we talk?"), tt.Buttons(buttons=[button]))
            self.sent(name)

    def test_marketing_messages(self) -> None:
        """Marketing goes over its own edge, too; anything else is refused there."""
        self.approved("promo", tt.BodyText("Come and eat."), category=MARKETING)
        self.sent("promo", use_mm_lite_api=True, message_activity_sharing=True)
        self.approved("notice", tt.BodyText("Your table is free."))
        with self.refused(134100):
            self.wa.send_template(self.to, "notice", ENGLISH, use_mm_lite_api=True)

    def test_list_and_delete(self) -> None:
        """A template is in the list of its account until it is deleted by its name."""
        id = self.approved("short_lived", tt.BodyText("Not for long."))
        self.assertIn(id, [found.id for found in self.wa.get_templates()])
        self.assertTrue(self.wa.delete_template("short_lived"))
        self.assertNotIn(id, [found.id for found in self.wa.get_templates()])
        with self.refused(100):
            self.wa.get_template(id)
        with self.refused(132001):
            self.wa.send_template(self.to, "short_lived", ENGLISH)


class TemplateRefusalTests(TemplateCase):
    """What Meta refuses of templates."""

    def test_without_body(self) -> None:
        """A template needs a body."""
        with self.refused(100):
            self.wa.create_template(template("no_body", tt.FooterText(text="Linda")))

    def test_too_many_variables(self) -> None:
        """A body needs more words than three for three variables."""
        with self.refused(2388293):
            self.wa.create_template(template("many", tt.BodyText("a {{1}} {{2}} {{3}} b", "1", "2", "3")))

    def test_made_twice(self) -> None:
        """A name has one template in a language."""
        self.wa.create_template(template("twice", tt.BodyText("Once.")))
        with self.refused(100):
            self.wa.create_template(template("twice", tt.BodyText("Twice.")))

    def test_wrong_count(self) -> None:
        """As many parameters are sent as there are variables."""
        self.approved("two", tt.BodyText("Hi {{1}}, your {{2}} is ready for you now.", "Asha", "dosa"))
        for words in ([], ["Asha"], ["Asha", "dosa", "idli"]):
            body = {"type": "body", "parameters": [{"type": "text", "text": word} for word in words]}
            with self.subTest(len(words)), self.refused(132000):
                self.wa.send_template(self.to, "two", ENGLISH, params=[body])

    def test_unknown(self) -> None:
        """A template that nobody made is not sent."""
        with self.refused(132001):
            self.wa.send_template(self.to, "nobody_made_it", ENGLISH)


class NumberTests(RefusalCase):
    """Numbers of an account, and how one gets there."""

    def test_read(self) -> None:
        """A number is found by its id and in its account, and the account by its own id."""
        number = sandbox.Number()
        wa = number.client()
        found = wa.get_business_phone_number()
        self.assertEqual((found.id, found.status, found.quality_rating), (number.id, "CONNECTED", "GREEN"))
        self.assertEqual(found.display_phone_number, f"+{number.display}")
        self.assertEqual([each.id for each in wa.get_business_phone_numbers()], [number.id])
        self.assertEqual(wa.get_business_account().id, number.waba)

    def test_registration(self) -> None:
        """A number is verified by the code that it was sent, registered, and taken away again."""
        number = sandbox.Number(registered=False)
        wa = number.client()
        contact = sandbox.new_contact()
        with self.refused(133010):
            wa.send_message(contact, "Hello")
        self.assertTrue(wa.request_verification_code(code_method="SMS", language_code="en_US"))
        code = sandbox.call("number.code", phoneNumberID=number.id)["code"]
        with self.refused(136025):
            wa.verify_phone_number("000000")
        self.assertTrue(wa.verify_phone_number(code))
        self.assertTrue(wa.register_phone_number("123456"))
        number.write(contact)
        self.assertTrue(wa.send_message(contact, "Hello").id)
        self.assertTrue(wa.deregister_phone_number())
        with self.refused(133010):
            wa.send_message(contact, "Hello")


if __name__ == "__main__":
    unittest.main()
