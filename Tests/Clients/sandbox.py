"""The sandbox that stands in for Meta, as the tests of foreign clients steer it."""

import contextlib
import itertools
import json
import os
import subprocess
import time
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pywa import WhatsApp
from pywa.errors import WhatsAppError
from pywa.types import SentMessage

Found = TypeVar("Found")

_folder = Path(os.environ["LINDA_DIR"])
_patience = 15 * int(os.environ.get("SLOW_MACHINE", "1"))
# No two runs on one sandbox get the same numbers.
_run = int(time.time()) % 1_000_000
_numbers = itertools.count(1)
_contacts = itertools.count(1)
# PyWa's errors are frozen; unittest gives a traceback to one that caused another.
WhatsAppError.__setattr__ = Exception.__setattr__


class Fault(Exception):
    """What the sandbox answered instead of a result."""


def call(method: str, **params: Any) -> dict[str, Any]:
    """Calls a method of the sandbox."""
    command = [os.environ["LINDA"], "rpc", "--dir", str(_folder), "sandbox", method, json.dumps(params)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=30)
    if answer.returncode != 0:
        raise Fault(f"{method}: {answer.stderr.strip()}")
    return json.loads(answer.stdout)


def credential(name: str) -> str:
    """A secret that both sides know."""
    return (_folder / "credentials" / name).read_text().strip()


def graph_url() -> str:
    """Where the sandbox's Graph API is."""
    return call("sandbox.address")["graphURL"]


def wait_until(check: Callable[[], Found], what: str, pause: float = 0.02) -> Found:
    """The first answer of `check` that is not empty; fails when none comes in time."""
    deadline = time.monotonic() + _patience
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(pause)


class Number:
    """A business number on Meta's side, in an account of its own."""

    def __init__(self, registered: bool = True) -> None:
        index = next(_numbers)
        self.id = f"77{_run:06}{index:03}"
        self.waba = f"88{_run:06}{index:03}"
        self.display = f"918{_run:06}{index:03}"
        call(
            "number.add",
            phoneNumberID=self.id,
            wabaID=self.waba,
            displayPhoneNumber=self.display,
            registered=registered,
        )

    def client(self, **options: Any) -> WhatsApp:
        """PyWa on this number."""
        return client(phone_id=self.id, waba_id=self.waba, app_id="4711", **options)

    def write(self, contact: str, text: str = "Hello", **more: Any) -> str:
        """A customer writes a text, which opens the window for answers."""
        return call("customer.write", phoneNumberID=self.id, name="Asha", text=text, **{"from": contact}, **more)["wamid"]

    def send(self, contact: str, type: str, content: Any, **more: Any) -> str:
        """A customer sends a message of any kind."""
        params = {"phoneNumberID": self.id, "from": contact, "name": "Asha", "type": type, "content": content, **more}
        return call("customer.send", **params)["wamid"]


def client(**options: Any) -> WhatsApp:
    """PyWa with the sandbox in Meta's place."""
    made = WhatsApp(token=credential("graph-token"), **options)
    made.api._session.base_url = f"{graph_url()}/v24.0"
    unittest.addModuleCleanup(made.api._session.close)
    return made


def new_contact() -> str:
    """The phone number of a customer whom nobody else has."""
    return f"9198{_run % 100_000:05}{next(_contacts):03}"


def bsuid(contact: str) -> str:
    """The id by which the sandbox names a customer without a phone number."""
    return f"IN.{contact}{contact[::-1]}"


def tap(wamid: str, button: str, **more: Any) -> str:
    """The customer taps a button or a row of a message that their phone has got."""
    return call("customer.tap", wamid=wamid, button=button, **more)["wamid"]


def got(contact: str, wamid: str) -> dict[str, Any]:
    """The message as the customer's phone has it."""
    items = call("message.list", contact=contact)["items"]
    return next(item for item in items if item["wamid"] == wamid)


class RefusalCase(unittest.TestCase):
    """Tests of which some are about what Meta refuses."""

    @contextlib.contextmanager
    def refused(self, code: int) -> Iterator[None]:
        """What is done here is refused with Meta's code."""
        with self.assertRaises(WhatsAppError) as caught:
            yield
        error = caught.exception
        self.assertIn(code, (error.code, error.subcode), f"{error}")


class ClientCase(RefusalCase):
    """One business number for a class, one customer who has written for each test."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.number = Number()
        cls.wa = cls.number.client()

    def setUp(self) -> None:
        self.to = new_contact()
        self.written = self.number.write(self.to)

    def arrived(self, sent: SentMessage, kind: str) -> Any:
        """What the customer's phone got, which is of this kind."""
        self.assertTrue(sent.id.startswith("wamid."))
        self.assertEqual(sent.chat.id, self.to)
        item = got(self.to, sent.id)
        self.assertEqual((item["from"], item["type"]), (self.number.id, kind))
        return item["text"] if kind == "text" else json.loads(item["text"])

    def interactive(self, sent: SentMessage, kind: str) -> Any:
        """An interactive message that the phone got, which is of this kind."""
        message = self.arrived(sent, "interactive")
        self.assertEqual(message["type"], kind)
        return message
