"""PyWa as a client: it sends, uploads and manages as it would at Meta."""

import datetime
import hashlib
import io
import tempfile
import unittest
from pathlib import Path
from typing import Any

import httpx
from pywa import types as t
from pywa.types.calls import SessionDescription
from pywa.types.flows import FlowActionType

import sandbox
from sandbox import ClientCase

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
# The sandbox takes it and tells later that nothing is there.
DEAD = "http://127.0.0.1:1/menu"
PAGE = "https://example.com/menu"


class FreeFormTests(ClientCase):
    """Every kind of message within the customer's window."""

    def test_text(self) -> None:
        """A text arrives with its words and the sender's own mark."""
        sent = self.wa.send_message(self.to, "Zwei दोसा 😀", preview_url=True, tracker="order 7")
        self.assertEqual(self.arrived(sent, "text"), "Zwei दोसा 😀")
        self.assertEqual(sandbox.got(self.to, sent.id)["callbackData"], "order 7")

    def test_text_to_written_number(self) -> None:
        """A number may be written with a plus sign and spaces."""
        sent = self.wa.send_message(f"+{self.to[:2]} {self.to[2:7]} {self.to[7:]}", "Hello")
        self.assertEqual(self.arrived(sent, "text"), "Hello")

    def test_text_to_user_id(self) -> None:
        """A customer is reached by the BSUID, too."""
        self.assertEqual(self.arrived(self.wa.send_message(sandbox.bsuid(self.to), "Hello"), "text"), "Hello")

    def test_reply(self) -> None:
        """What a customer wrote can be quoted, and so can what we wrote."""
        first = self.wa.send_message(self.to, "Hello", reply_to_message_id=self.written)
        self.arrived(self.wa.send_message(self.to, "Hello again", reply_to_message_id=first.id), "text")

    def test_reply_buttons(self) -> None:
        """Reply buttons arrive with header and footer."""
        buttons = [t.Button("Yes", "yes"), t.Button("No", "no")]
        message = self.interactive(self.wa.send_message(self.to, "Sure?", header="H", footer="F", buttons=buttons), "button")
        self.assertEqual([b["reply"] for b in message["action"]["buttons"]], [{"id": "yes", "title": "Yes"}, {"id": "no", "title": "No"}])
        self.assertEqual((message["header"]["text"], message["footer"]["text"]), ("H", "F"))

    def test_list(self) -> None:
        """A list arrives with its sections and rows."""
        rows = [t.SectionRow("Dosa", "dosa"), t.SectionRow("Idli", "idli", "two")]
        buttons = t.SectionList("Menu", sections=[t.Section("Breakfast", rows), t.Section("Tea", [t.SectionRow("Chai", "chai")])])
        message = self.interactive(self.wa.send_message(self.to, "Choose", buttons=buttons), "list")
        self.assertEqual([len(section["rows"]) for section in message["action"]["sections"]], [2, 1])

    def test_single_buttons(self) -> None:
        """Buttons for an address, a call, leave to call, and contact details arrive."""
        kinds = {
            "cta_url": t.URLButton("Open", PAGE),
            "voice_call": t.VoiceCallButton("Call", ttl_minutes=datetime.timedelta(minutes=10)),
            "call_permission_request": t.CallPermissionRequestButton(),
            "request_contact_info": t.ContactInfoRequestButton(),
        }
        for kind, button in kinds.items():
            with self.subTest(kind):
                self.interactive(self.wa.send_message(self.to, "Please", buttons=button), kind)

    def test_flows(self) -> None:
        """A flow can be named by its id or its name, and begin with a screen or at our endpoint."""
        navigate = t.FlowButton(
            "Book",
            flow_id="1234",
            flow_token="token",
            flow_action_type=FlowActionType.NAVIGATE,
            flow_action_screen="TABLE",
            flow_action_payload={"seats": 2},
        )
        exchange = t.FlowButton("Book", flow_name="book", flow_token="token", flow_action_type=FlowActionType.DATA_EXCHANGE)
        for button in (navigate, exchange):
            message = self.interactive(self.wa.send_message(self.to, "A table?", buttons=button), "flow")
            self.assertEqual(message["action"]["parameters"]["flow_token"], "token")

    def test_location(self) -> None:
        """A place arrives, and a customer can be asked for theirs."""
        place = self.arrived(self.wa.send_location(self.to, 12.97, 77.59, "Linda", "MG Road"), "location")
        self.assertEqual((place["latitude"], place["longitude"], place["name"]), (12.97, 77.59, "Linda"))
        self.interactive(self.wa.request_location(self.to, "Where are you?"), "location_request_message")

    def test_contacts(self) -> None:
        """Contacts arrive whole, and a customer can be asked for theirs."""
        contact = t.Contact(
            name=t.Contact.Name(formatted_name="Asha Rao", first_name="Asha"),
            birthday="1990-01-02",
            phones=[t.Contact.Phone("+919876543210", "CELL")],
            emails=[t.Contact.Email("asha@example.com", "WORK")],
            urls=[t.Contact.Url(PAGE, "WORK")],
            addresses=[t.Contact.Address(street="MG Road", city="Bengaluru", country_code="IN", type="HOME")],
            org=t.Contact.Org("Linda", "Kitchen", "Cook"),
        )
        arrived = self.arrived(self.wa.send_contact(self.to, [contact, contact]), "contacts")
        self.assertEqual([person["name"]["formatted_name"] for person in arrived], ["Asha Rao", "Asha Rao"])
        self.interactive(self.wa.request_contact_info(self.to, "Who are you?"), "request_contact_info")

    def test_reactions(self) -> None:
        """A reaction to what a customer wrote arrives, and so does taking it back."""
        reaction = self.arrived(self.wa.send_reaction(self.to, "😀", self.written), "reaction")
        self.assertEqual(reaction, {"emoji": "😀", "message_id": self.written})
        self.assertEqual(self.arrived(self.wa.remove_reaction(self.to, self.written), "reaction")["emoji"], "")

    def test_products(self) -> None:
        """A catalogue, one product and several products arrive."""
        self.interactive(self.wa.send_catalog(self.to, "All of it", footer="F", thumbnail_product_sku="dosa"), "catalog_message")
        self.interactive(self.wa.send_product(self.to, "4711", "dosa", body="This one"), "product")
        sections = [t.ProductsSection("Breakfast", ["dosa", "idli"])]
        self.interactive(self.wa.send_products(self.to, "4711", sections, title="Menu", body="These"), "product_list")

    def test_carousels(self) -> None:
        """Cards arrive with pictures and films, with reply buttons and with addresses."""
        reply = [t.ImageCarouselCard(image=DEAD, body="Dosa", buttons=[t.Button("Take", f"take {i}")]) for i in range(2)]
        link = t.URLButton("Open", PAGE)
        address = [t.ImageCarouselCard(image=DEAD, body="Dosa", buttons=link), t.VideoCarouselCard(video=DEAD, body="Idli", buttons=link)]
        for cards in (reply, address):
            message = self.interactive(self.wa.send_carousel(self.to, body="Choose", cards=cards), "carousel")
            self.assertEqual(len(message["action"]["cards"]), 2)

    def test_read_and_typing(self) -> None:
        """What a customer wrote is marked as read, with and without the sign that we type."""
        self.assertTrue(self.wa.mark_message_as_read(self.written))
        self.assertTrue(self.wa.indicate_typing(self.written))


class MediaTests(ClientCase):
    """Files, which Meta keeps and gives back."""

    kinds = {
        "image": "image/png",
        "video": "video/mp4",
        "audio": "audio/mpeg",
        "voice": "audio/ogg",
        "document": "application/pdf",
        "sticker": "image/webp",
    }

    def send(self, kind: str, media: Any, **more: Any) -> t.SentMessage:
        """Sends a file as one of the kinds."""
        if kind == "document":
            more["filename"] = "menu.pdf"
        return getattr(self.wa, f"send_{kind}")(self.to, media, **more)

    def test_upload(self) -> None:
        """A file that is uploaded is found, downloaded as it was, and deleted."""
        media = self.wa.upload_media(PNG, mime_type="image/png", filename="menu.png")
        found = self.wa.get_media_url(media.id)
        self.assertEqual((found.id, found.mime_type, found.file_size), (media.id, "image/png", len(PNG)))
        self.assertEqual(found.sha256, hashlib.sha256(PNG).hexdigest())
        self.assertEqual(self.wa.get_media_bytes(found.url), PNG)
        self.assertEqual(b"".join(self.wa.stream_media(found.url)), PNG)
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.wa.download_media(url=found.url, path=folder, filename="a.png").read_bytes(), PNG)
        self.assertTrue(self.wa.delete_media(media.id, phone_id=self.number.id))
        with self.refused(100):
            self.wa.get_media_url(media.id)

    def test_download_needs_token(self) -> None:
        """Without the token a file's address gives nothing."""
        found = self.wa.get_media_url(self.wa.upload_media(PNG, mime_type="image/png").id)
        self.assertIn(httpx.get(found.url).status_code, (401, 403, 404))

    def test_upload_sources(self) -> None:
        """Bytes, files, streams and what was uploaded before can be uploaded."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "menu.png"
            path.write_bytes(PNG)
            first = self.wa.upload_media(path)
        for source in (io.BytesIO(PNG), (PNG[i : i + 10] for i in range(0, len(PNG), 10)), first):
            media = self.wa.upload_media(source, mime_type="image/png", filename="menu.png")
            self.assertEqual(self.wa.get_media_url(media.id).sha256, hashlib.sha256(PNG).hexdigest())

    def test_send_by_id(self) -> None:
        """Every kind of file is sent by the id that its upload gave."""
        for kind, mime in self.kinds.items():
            with self.subTest(kind):
                media = self.wa.upload_media(PNG, mime_type=mime, filename="file")
                arrived = self.arrived(self.send(kind, media.id), "audio" if kind == "voice" else kind)
                self.assertEqual(arrived["id"], media.id)

    def test_send_bytes(self) -> None:
        """Every kind of file is sent as bytes, which uploads it first."""
        for kind, mime in self.kinds.items():
            with self.subTest(kind):
                arrived = self.arrived(self.send(kind, PNG, mime_type=mime), "audio" if kind == "voice" else kind)
                self.assertEqual(self.wa.get_media_url(arrived["id"]).mime_type, mime)

    def test_send_by_link(self) -> None:
        """Every kind of file is sent by its address, which nobody looks up before the answer."""
        for kind in self.kinds:
            with self.subTest(kind):
                arrived = self.arrived(self.send(kind, DEAD), "audio" if kind == "voice" else kind)
                self.assertEqual(arrived["link"], DEAD)

    def test_captions(self) -> None:
        """A picture has its caption, a document its name, and above buttons they are the header."""
        files = {kind: self.wa.upload_media(PNG, mime_type=mime, filename="file") for kind, mime in self.kinds.items()}
        picture = self.arrived(self.wa.send_image(self.to, files["image"], caption="Dosa"), "image")
        self.assertEqual(picture["caption"], "Dosa")
        document = self.arrived(self.wa.send_document(self.to, files["document"], filename="menu.pdf", caption="Menu"), "document")
        self.assertEqual((document["filename"], document["caption"]), ("menu.pdf", "Menu"))
        for kind in ("image", "video", "document"):
            message = self.interactive(self.send(kind, files[kind], caption="Take?", buttons=[t.Button("Yes", "yes")]), "button")
            self.assertEqual(message["header"][kind]["id"], files[kind].id)

    def test_unknown_media(self) -> None:
        """An id that no upload gave is refused, above buttons too."""
        with self.refused(131009):
            self.wa.send_image(self.to, "999999")
        with self.refused(131009):
            self.wa.send_image(self.to, "999999", caption="Take?", buttons=[t.Button("Yes", "yes")])


class RefusalTests(ClientCase):
    """What Meta refuses at once."""

    def test_unknown_message(self) -> None:
        """A message that is not there can be neither quoted nor read nor reacted to."""
        unknown = "wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgUMEUwMDAwMDAwMDAwMDAwMDAwMDAA"
        attempts = {
            "quote": lambda: self.wa.send_message(self.to, "Hello", reply_to_message_id=unknown),
            "reaction": lambda: self.wa.send_reaction(self.to, "😀", unknown),
            "read": lambda: self.wa.mark_message_as_read(unknown),
            "typing": lambda: self.wa.indicate_typing(unknown),
        }
        for name, attempt in attempts.items():
            with self.subTest(name), self.refused(131009):
                attempt()

    def test_buttons_alike(self) -> None:
        """Two buttons must have neither one id nor one title."""
        for pair in ([t.Button("A", "a"), t.Button("B", "a")], [t.Button("A", "a"), t.Button("A", "b")]):
            with self.subTest(str(pair)), self.refused(131009):
                self.wa.send_message(self.to, "Hello", buttons=pair)

    def test_too_many_rows(self) -> None:
        """A list has at most ten rows, in one section as in two."""
        rows = [t.SectionRow(f"Row {i}", f"row {i}") for i in range(12)]
        for sections in ([t.Section("All", rows)], [t.Section("A", rows[:6]), t.Section("B", rows[6:])]):
            with self.subTest(len(sections)), self.refused(131009):
                self.wa.send_message(self.to, "Hello", buttons=t.SectionList("Menu", sections=sections))

    def test_no_number(self) -> None:
        """A recipient must be a number; PyWa takes anything else for a group, and there is no group."""
        words = {"sender": self.number.id, "recipient": None, "recipient_type": "individual", "typ": "text"}
        with self.refused(131009):
            self.wa.api.send_message(to="abc", msg={"body": "Hello"}, **words)
        with self.refused(131041):
            self.wa.send_message("abc", "Hello")

    def test_token(self) -> None:
        """A token that has expired is refused, and so is one that never was."""
        self.addCleanup(sandbox.call, "fault.set", tokenExpired=False)
        sandbox.call("fault.set", tokenExpired=True)
        with self.refused(190):
            self.wa.send_message(self.to, "Hello")
        sandbox.call("fault.set", tokenExpired=False)
        stranger = self.number.client()
        stranger.token = "EAAB"
        with self.refused(190):
            stranger.send_message(self.to, "Hello")

    def test_not_played(self) -> None:
        """What the sandbox does not play is refused in Meta's shape, which PyWa reads."""
        wa, sdp = self.wa, SessionDescription(sdp_type="offer", sdp="v=0")
        attempts = {
            "profile": lambda: wa.get_business_profile(),
            "profile change": lambda: wa.update_business_profile(about="Food"),
            "block": lambda: wa.block_users([self.to]),
            "unblock": lambda: wa.unblock_users([self.to]),
            "blocked": lambda: wa.get_blocked_users(),
            "commerce": lambda: wa.get_commerce_settings(),
            "QR codes": lambda: wa.get_qr_codes(),
            "new QR code": lambda: wa.create_qr_code("Hello"),
            "callback": lambda: wa.override_waba_callback_url(PAGE, "token"),
            "flows": lambda: wa.get_flows(),
            "groups": lambda: wa.get_groups(),
            "new group": lambda: wa.create_group(subject="Cooks"),
            "call": lambda: wa.initiate_call(self.to, sdp),
            "user name": lambda: wa.get_current_username(),
            "ice breakers": lambda: wa.update_conversational_automation(ice_breakers=["Menu?"]),
            "accounts": lambda: wa.get_owned_business_accounts(business_portfolio_id="4711"),
        }
        for name, attempt in attempts.items():
            with self.subTest(name), self.refused(2500):
                attempt()


if __name__ == "__main__":
    unittest.main()
