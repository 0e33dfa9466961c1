"""PyWa as a webhook server: what the sandbox tells is parsed as it would be from Meta."""

import base64
import collections
import hashlib
import logging
import unittest

import httpx
from pywa import types as t
from pywa.types import templates as tt
from pywa.types.account_update import AccountUpdate
from pywa.types.calls import CallConnect, CallDirection, CallTerminate, CallTerminateStatus
from pywa.types.message import DeletedMessage, EditedMessage

import sandbox
from pywa_callback import ENGLISH, Callback, WebhookCase

DEAD = "http://127.0.0.1:1/menu.png"


def setUpModule() -> None:
    """The sandbox plays one app, which has one callback."""
    WebhookCase.callback = Callback()
    WebhookCase.callback.start()
    unittest.addModuleCleanup(WebhookCase.callback.stop)


class MessageTests(WebhookCase):
    """What customers send."""

    def test_text(self) -> None:
        """A text has its words and its writer."""
        wamid = self.number.write(self.contact, "Zwei दोसा 😀")
        message = self.callback.wait(t.Message, id=wamid)
        self.assertEqual((message.text, message.from_user.bsuid), ("Zwei दोसा 😀", sandbox.bsuid(self.contact)))
        self.assertEqual((message.waba_id, message.metadata.display_phone_number), (self.number.waba, self.number.display))

    def test_hidden_number(self) -> None:
        """A customer with a username is named by the BSUID alone, by which they get their answer."""
        message = self.callback.wait(t.Message, id=self.number.write(self.contact, hidesNumber=True))
        self.assertEqual((message.from_user.wa_id, message.from_user.bsuid), (None, sandbox.bsuid(self.contact)))
        sent = self.wa.send_message(message.from_user.preferred_id, "Hello")
        self.assertEqual(sandbox.got(self.contact, sent.id)["text"], "Hello")

    def test_reply(self) -> None:
        """An answer names the message that it answers."""
        self.number.write(self.contact)
        asked = self.wa.send_message(self.contact, "How many?")
        message = self.sent("text", {"body": "Two"}, replyTo=asked.id)
        self.assertEqual((message.text, message.reply_to_message.id), ("Two", asked.id))

    def test_media(self) -> None:
        """A file of every kind can be downloaded as the customer sent it."""
        contents = {
            "image": {"caption": "Dosa"},
            "video": {"caption": "Dosa"},
            "audio": {"voice": True},
            "document": {"filename": "menu.pdf", "caption": "Menu"},
            "sticker": {},
        }
        for kind, content in contents.items():
            with self.subTest(kind):
                message = self.sent(kind, content)
                media = message.media
                self.assertEqual((media, message.caption), (getattr(message, kind), content.get("caption")))
                self.assertEqual(media.filename, content.get("filename"))
                data = media.get_bytes()
                self.assertEqual(media.sha256, base64.b64encode(hashlib.sha256(data).digest()).decode())
                found = self.callback.wa.get_media_url(media.id)
                self.assertEqual((found.mime_type, found.file_size), (media.mime_type.split(";")[0], len(data)))
        self.assertIsNotNone(self.sent("audio", {"voice": True}).voice)
        self.assertIsNone(self.sent("audio", {}).voice)

    def test_location(self) -> None:
        """A place has its coordinates and its name."""
        place = self.sent("location", {"latitude": 12.97, "longitude": 77.59, "name": "Home", "address": "MG Road"}).location
        self.assertEqual((place.latitude, place.longitude, place.name, place.address), (12.97, 77.59, "Home", "MG Road"))

    def test_contacts(self) -> None:
        """Contacts have their names and numbers."""
        person = {"name": {"formatted_name": "Asha Rao", "first_name": "Asha"}, "phones": [{"phone": "+91 98", "wa_id": "9198"}]}
        contacts = self.sent("contacts", [person, person]).contacts
        self.assertEqual([(each.name.formatted_name, each.phones[0].wa_id) for each in contacts], [("Asha Rao", "9198")] * 2)

    def test_order(self) -> None:
        """An order has its products and what they cost."""
        product = {"product_retailer_id": "dosa", "quantity": 2, "item_price": 40.5, "currency": "INR"}
        order = self.sent("order", {"catalog_id": "4711", "text": "Quickly", "product_items": [product]}).order
        self.assertEqual((order.catalog_id, order.text, order.products[0].sku, order.total_price), ("4711", "Quickly", "dosa", 81))

    def test_reaction(self) -> None:
        """A reaction names its message, and so does taking it back."""
        self.number.write(self.contact)
        liked = self.wa.send_message(self.contact, "Hello").id
        reaction = self.sent("reaction", {"message_id": liked, "emoji": "😀"}).reaction
        self.assertEqual((reaction.message_id, reaction.emoji), (liked, "😀"))
        self.assertTrue(self.sent("reaction", {"message_id": liked, "emoji": ""}).reaction.is_removed)

    def test_edit(self) -> None:
        """An edited message has its new words and the id of the first."""
        first = self.number.write(self.contact, "Tow")
        edit = {"original_message_id": first, "message": {"type": "text", "text": {"body": "Two"}}}
        edited = self.callback.wait(EditedMessage, id=self.number.send(self.contact, "edit", edit))
        self.assertEqual((edited.original_message_id, edited.message.id, edited.message.text), (first, first, "Two"))

    def test_revoke(self) -> None:
        """A message that was taken back is named."""
        first = self.number.write(self.contact)
        deleted = self.callback.wait(DeletedMessage, id=self.number.send(self.contact, "revoke", {"original_message_id": first}))
        self.assertEqual((deleted.original_message_id, deleted.from_user.wa_id), (first, self.contact))

    def test_unsupported(self) -> None:
        """Of what Meta does not hand on, the kind is told."""
        message = self.sent("unsupported", {"type": "poll"})
        self.assertEqual((message.unsupported.type, message.error.code), ("poll", 131051))

    def test_new_number(self) -> None:
        """A customer's new number is told with the old one."""
        new = sandbox.new_contact()
        sandbox.call("customer.changeNumber", phoneNumberID=self.number.id, to=new, **{"from": self.contact})
        change = self.callback.wait(t.PhoneNumberChange, old_wa_id=self.contact)
        self.assertEqual((change.new_wa_id, change.new_user_id), (new, sandbox.bsuid(new)))


class TapTests(WebhookCase):
    """What customers tap."""

    def setUp(self) -> None:
        super().setUp()
        self.number.write(self.contact)

    def test_buttons(self) -> None:
        """A reply button is known by its id, whether it is tapped by that or by its title."""
        sent = self.wa.send_message(self.contact, "Sure?", buttons=[t.Button("Yes", "yes 7"), t.Button("No", "no 7")])
        for tapped, data, title in (("Yes", "yes 7", "Yes"), ("no 7", "no 7", "No")):
            button = self.callback.wait(t.CallbackButton, id=sandbox.tap(sent.id, tapped))
            self.assertEqual((button.data, button.title, button.reply_to_message.id), (data, title, sent.id))
            self.assertEqual((button.from_user.wa_id, button.is_quick_reply), (self.contact, False))

    def test_list(self) -> None:
        """A row of a list is known by its id."""
        rows = [t.SectionRow("Dosa", "dosa", "with chutney"), t.SectionRow("Idli", "idli")]
        sent = self.wa.send_message(self.contact, "Choose", buttons=t.SectionList("Menu", [t.Section("All", rows)]))
        chosen = self.callback.wait(t.CallbackSelection, id=sandbox.tap(sent.id, "Dosa"))
        self.assertEqual((chosen.data, chosen.title, chosen.description), ("dosa", "Dosa", "with chutney"))
        self.assertEqual(chosen.reply_to_message.id, sent.id)

    def test_flow(self) -> None:
        """A form that was filled in comes with its answers."""
        sent = self.wa.send_message(self.contact, "A table?", buttons=t.FlowButton("Book", flow_id="1234", flow_token="token"))
        filled = self.callback.wait(t.FlowCompletion, id=sandbox.tap(sent.id, "Book", response={"flow_token": "token", "seats": 2}))
        self.assertEqual((filled.token, filled.response, filled.reply_to_message.id), ("token", {"seats": 2}, sent.id))

    def test_quick_reply(self) -> None:
        """A template's button comes with the data that was sent with it."""
        buttons = tt.Buttons(buttons=[tt.QuickReplyButton(text="Thanks")])
        self.approved("thanks", tt.BodyText("It is ready."), buttons, category=tt.TemplateCategory.UTILITY)
        params = [tt.QuickReplyButton.params(callback_data="thanks 7", index=0)]
        sent = self.wa.send_template(self.contact, "thanks", ENGLISH, params=params)
        button = self.callback.wait(t.CallbackButton, id=sandbox.tap(sent.id, "Thanks"))
        self.assertEqual((button.data, button.title, button.is_quick_reply), ("thanks 7", "Thanks", True))


class StatusTests(WebhookCase):
    """What becomes of messages that were sent."""

    def failed(self, sent: t.SentMessage) -> int:
        """The code with which a message failed, of which nothing else is told."""
        status = self.callback.wait(t.MessageStatus, id=sent.id)
        self.assertEqual((status.status, status.from_user.wa_id), (t.MessageStatusType.FAILED, self.contact))
        return status.error.code

    def test_sent(self) -> None:
        """A message that was sent has the sender's own mark and its price."""
        self.number.write(self.contact)
        sent = self.wa.send_message(self.contact, "Hello", tracker="order 7")
        status = self.callback.wait(t.MessageStatus, id=sent.id, status=t.MessageStatusType.SENT)
        self.assertEqual((status.tracker, status.pricing.category, status.error), ("order 7", "service", None))
        self.assertEqual(status.metadata.phone_number_id, self.number.id)

    def test_links(self) -> None:
        """A picture is sent when it is where its link leads, and fails when nothing is there."""
        self.number.write(self.contact)
        alive = self.wa.send_image(self.contact, f"{self.callback.address}/menu.png")
        dead = self.wa.send_image(self.contact, DEAD)
        self.callback.wait(t.MessageStatus, id=alive.id, status=t.MessageStatusType.SENT)
        self.assertEqual(self.failed(dead), 131053)

    def test_closed_window(self) -> None:
        """Who has not written for a day gets templates only."""
        self.assertEqual(self.failed(self.wa.send_message(self.contact, "Hello")), 131047)

    def test_nobody_there(self) -> None:
        """Who has no WhatsApp gets nothing."""
        self.approved("hello", tt.BodyText("Hello."), category=tt.TemplateCategory.UTILITY)
        self.addCleanup(sandbox.call, "fault.set", undeliverableShare=0)
        sandbox.call("fault.set", undeliverableShare=1)
        self.assertEqual(self.failed(self.wa.send_template(self.contact, "hello", ENGLISH)), 131026)

    def test_no_marketing(self) -> None:
        """Who has stopped marketing gets none."""
        self.approved("promo", tt.BodyText("Come and eat."), category=tt.TemplateCategory.MARKETING)
        sandbox.call("customer.prefer", phoneNumberID=self.number.id, contact=self.contact, marketing=False)
        self.assertEqual(self.failed(self.wa.send_template(self.contact, "promo", ENGLISH)), 131050)

    def test_burst(self) -> None:
        """Of many messages at once PyWa knows in the end what the sandbox knows."""
        order = ["sent", "delivered", "read", "played", "failed"]
        voice = self.wa.upload_media(b"OggS", mime_type="audio/ogg", filename="voice.ogg")
        contacts = [sandbox.new_contact() for _ in range(15)]
        for contact in contacts:
            self.number.write(contact)
        sandbox.wait_until(lambda: sandbox.call("sandbox.stats")["webhooksWaiting"] == 0, "silence", pause=0.2)
        before = collections.Counter(sandbox.call("sandbox.stats")["states"])
        sent = {send.id for to in contacts for send in (self.wa.send_message(to, "Hello"), self.wa.send_voice(to, voice))}
        sandbox.wait_until(lambda: sandbox.call("sandbox.stats")["webhooksWaiting"] == 0, "silence", pause=0.2)
        after = collections.Counter(sandbox.call("sandbox.stats")["states"])

        def known() -> collections.Counter[str]:
            told: dict[str, set[str]] = {}
            for each in self.callback.find(t.MessageStatus):
                told.setdefault(each.id, set()).add(str(each.status))
            return collections.Counter(max(told[id], key=order.index) for id in sent & told.keys())

        sandbox.wait_until(lambda: known() == after - before, "the last status of each message")
        self.assertEqual(after.total() - before.total(), len(sent))
        kinds = {str(each.status) for each in self.callback.find(t.MessageStatus) if each.id in sent}
        self.assertEqual(kinds, {"sent", "delivered", "read", "played"})


class AccountTests(WebhookCase):
    """What is told beside messages."""

    def test_template(self) -> None:
        """A template's review, status, category and quality are told."""
        id = self.approved("notice", tt.BodyText("It is ready."), category=tt.TemplateCategory.UTILITY)
        named = {"wabaID": self.number.waba, "name": "notice", "language": "en_US"}
        for word in ("PAUSED", "DISABLED", "REJECTED", "APPROVED"):
            sandbox.call("template.set", status=word, **named)
            self.callback.wait(tt.TemplateStatusUpdate, template_id=id, new_status=word)
        sandbox.call("template.set", category="MARKETING", quality="RED", **named)
        category = self.callback.wait(tt.TemplateCategoryUpdate, template_id=id)
        self.assertEqual((category.previous_category, category.new_category), ("UTILITY", "MARKETING"))
        self.assertEqual(self.callback.wait(tt.TemplateQualityUpdate, template_id=id).new_quality_score, "RED")

    def test_preference(self) -> None:
        """A customer stops and resumes marketing."""
        for marketing, word in ((False, "stop"), (True, "resume")):
            sandbox.call("customer.prefer", phoneNumberID=self.number.id, contact=self.contact, marketing=marketing)
            wish = self.callback.wait(t.UserMarketingPreferences, id=self.number.waba, value=word)
            self.assertEqual((wish.metadata.phone_number_id, wish.from_user.wa_id), (self.number.id, self.contact))
            self.assertEqual(bool(wish), marketing)

    def test_call(self) -> None:
        """A customer's call is told when it begins and when it ends; one that nobody took has no duration."""
        id = sandbox.call("customer.call", phoneNumberID=self.number.id, name="Asha", **{"from": self.contact})["callID"]
        begun = self.callback.wait(CallConnect, id=id)
        self.assertEqual((begun.direction, begun.from_user.wa_id), (CallDirection.USER_INITIATED, self.contact))
        self.assertEqual(begun.metadata.phone_number_id, self.number.id)
        end = self.callback.wait(CallTerminate, id=id)
        self.assertEqual((end.status, end.duration), (CallTerminateStatus.COMPLETED, 1))
        for outcome in ("missed", "rejected"):
            given = {"phoneNumberID": self.number.id, "name": "Asha", "from": self.contact, "outcome": outcome}
            end = self.callback.wait(CallTerminate, id=sandbox.call("customer.call", **given)["callID"])
            self.assertEqual((end.status, end.duration, end.start_time), (CallTerminateStatus.FAILED, None, None))
            self.assertEqual(end.from_user.name, "Asha")

    def bans(self, state: str) -> list[AccountUpdate]:
        """What was told of this state of the account."""
        told = self.callback.find(AccountUpdate, id=self.number.waba)
        return [each for each in told if each.ban_info and each.ban_info.state == state]

    def test_account(self) -> None:
        """That an account is disabled, reinstated and restricted is told."""
        for banned, state in ((True, "DISABLE"), (False, "REINSTATE")):
            sandbox.call("account.ban", wabaID=self.number.waba, banned=banned)
            told = sandbox.wait_until(lambda: self.bans(state), f"the account's state {state}")
            self.assertEqual(told[0].event, "DISABLED_UPDATE")
        word = "RESTRICTED_ADD_PHONE_NUMBER_ACTION"
        sandbox.call("account.restrict", wabaID=self.number.waba, restriction=word, until=1_790_000_000_000)
        told = self.callback.wait(AccountUpdate, id=self.number.waba, event="ACCOUNT_RESTRICTION")
        self.assertEqual(told.restriction_info[0].type, word)

    def test_forged(self) -> None:
        """What is not signed with the app's secret is not parsed."""
        wamid = self.callback.wait(t.Message, id=self.number.write(self.contact)).id
        body = self.callback.find(t.Message, id=wamid)[0].raw.raw.replace(b"Hello", b"Forged")
        with self.assertLogs("pywa.server", logging.WARNING):
            answer = httpx.post(f"{self.callback.address}/whatsapp", content=body, headers={"X-Hub-Signature-256": "sha256=" + "0" * 64})
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.callback.find(t.Message, text="Forged"), [])


if __name__ == "__main__":
    unittest.main()
