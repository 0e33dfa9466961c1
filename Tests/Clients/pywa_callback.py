"""PyWa behind a real web server, which the sandbox calls as Meta calls an app."""

import json
import logging
import socket
import threading
import unittest
import warnings
from collections.abc import Iterator
from typing import Any, TypeVar

import fastapi
import uvicorn
from pywa import WhatsApp, handlers
from pywa import types as t
from pywa.errors import PywaUnknownEnumMemberWarning
from pywa.types import templates as tt

import sandbox

Update = TypeVar("Update")

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
ENGLISH = tt.TemplateLanguage.ENGLISH_US
LISTS = ("messages", "statuses", "calls", "user_preferences")


def parts(update: t.RawUpdate) -> Iterator[dict[str, Any]]:
    """Each item of a webhook as a webhook of its own, in the order in which PyWa looks for the first."""
    for entry in update["entry"]:
        for change in entry["changes"]:
            value = change["value"]
            rest = {name: member for name, member in value.items() if name not in LISTS}
            values = [{**rest, name: [item]} for name in LISTS for item in value.get(name, [])]
            for single in values or [value]:
                item = next((single[name][0] for name in LISTS if name in single), {})
                names = (item.get("from_user_id"), item.get("recipient_user_id"))
                people = [person for person in value.get("contacts", []) if person.get("user_id") in names]
                whole = {**single, "contacts": people} if people else single
                yield {**update, "entry": [{**entry, "changes": [{**change, "value": whole}]}]}


class Callback(logging.Handler):
    """PyWa behind uvicorn on a free port: it keeps what its handlers get, and what it complains of."""

    kinds = (
        handlers.MessageHandler,
        handlers.EditedMessageHandler,
        handlers.DeletedMessageHandler,
        handlers.CallbackButtonHandler,
        handlers.CallbackSelectionHandler,
        handlers.FlowCompletionHandler,
        handlers.MessageStatusHandler,
        handlers.PhoneNumberChangeHandler,
        handlers.UserMarketingPreferencesHandler,
        handlers.CallConnectHandler,
        handlers.CallTerminateHandler,
        handlers.TemplateStatusUpdateHandler,
        handlers.TemplateCategoryUpdateHandler,
        handlers.TemplateQualityUpdateHandler,
        handlers.AccountUpdateHandler,
    )

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.updates: list[Any] = []
        self.items: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        app = fastapi.FastAPI()
        app.get("/menu.png")(lambda: fastapi.Response(PNG, media_type="image/png"))
        self.wa = sandbox.client(
            server=app,
            webhook_endpoint="/whatsapp",
            verify_token=sandbox.credential("meta-verify-token"),
            app_secret=sandbox.credential("meta-app-secret"),
            filter_updates=False,
        )
        self.wa.add_handlers(*(kind(self.keep) for kind in self.kinds), handlers.RawUpdateHandler(self.unpack))
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)

    def start(self) -> None:
        """Starts the server and lets the sandbox call it."""
        # A word that PyWa does not know is none of Meta's.
        warnings.simplefilter("error", PywaUnknownEnumMemberWarning)
        logging.getLogger("pywa").addHandler(self)
        self.thread.start()
        sandbox.wait_until(lambda: self.server.started, "uvicorn")
        sandbox.call("webhook.subscribe", url=f"{self.address}/whatsapp")

    def stop(self) -> None:
        """Ends the subscription and the server."""
        sandbox.call("webhook.subscribe", url=None)
        self.server.should_exit = True
        self.thread.join()
        logging.getLogger("pywa").removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a complaint: PyWa answers 200 first, and only its log tells what it could not parse."""
        self.complaints.append(self.format(record))

    def keep(self, _: WhatsApp, update: Any) -> None:
        """Keeps what PyWa has parsed."""
        self.updates.append(update)

    def unpack(self, wa: WhatsApp, update: t.RawUpdate) -> None:
        """Of a webhook PyWa parses the first item alone, and has done so by now; it gets the others one by one."""
        first, *others = parts(update)
        self.items.append(first)
        for other in others:
            wa.webhook_update_handler(json.dumps(other).encode())

    def find(self, kind: type[Update], **wanted: Any) -> list[Update]:
        """What PyWa has parsed of this kind so far, with these members."""
        found = [update for update in self.updates if isinstance(update, kind)]
        return [update for update in found if all(getattr(update, name) == value for name, value in wanted.items())]

    def wait(self, kind: type[Update], **wanted: Any) -> Update:
        """Waits for the first update of this kind with these members."""
        sandbox.wait_until(lambda: self.complaints or self.find(kind, **wanted), f"{kind.__name__} with {wanted}")
        found = self.find(kind, **wanted)
        if not found:
            raise AssertionError("\n".join(self.complaints))
        return found[0]


class WebhookCase(unittest.TestCase):
    """One business number for a class, one customer for each test."""

    callback: Callback

    @classmethod
    def setUpClass(cls) -> None:
        cls.number = sandbox.Number()
        cls.wa = cls.number.client()

    def setUp(self) -> None:
        self.contact = sandbox.new_contact()

    def tearDown(self) -> None:
        """Nothing that has come until now was left unparsed."""
        fields = handlers.Handler._handled_fields()

        def known() -> int:
            return sum(item["entry"][0]["changes"][0]["field"] in fields for item in self.callback.items)

        complaints = self.callback.complaints.copy()
        self.callback.complaints.clear()
        self.assertEqual(complaints, [])
        sandbox.wait_until(lambda: known() == len(self.callback.updates), "as many parsed updates as delivered items")

    def sent(self, type: str, content: Any, **more: Any) -> t.Message:
        """A customer sends a message; what PyWa makes of it."""
        message = self.callback.wait(t.Message, id=self.number.send(self.contact, type, content, **more))
        self.assertEqual(message.type, type)
        self.assertEqual(message.metadata.phone_number_id, self.number.id)
        self.assertEqual((message.from_user.wa_id, message.from_user.name), (self.contact, "Asha"))
        return message

    def approved(self, name: str, *components: Any, category: tt.TemplateCategory) -> str:
        """Makes a template and waits until Meta tells that it may be sent; its id."""
        made = tt.Template(name=name, language=ENGLISH, category=category, components=list(components))
        id = self.wa.create_template(made).id
        update = self.callback.wait(tt.TemplateStatusUpdate, template_id=id, new_status=tt.TemplateStatus.APPROVED)
        self.assertEqual((update.id, update.template_name, update.template_language), (self.number.waba, name, ENGLISH))
        return id
