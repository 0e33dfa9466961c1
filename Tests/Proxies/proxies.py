"""The examples of reverse proxies in docs/proxy, with a gateway behind them."""

import hashlib
import hmac
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import time
import unittest
from pathlib import Path

folder = Path(os.environ["SCRATCH"])
docs = Path("docs/proxy")
gateway = os.environ["GATEWAY"]
# The examples let an office's network reach the pages; here that is this address of the loopback.
office, stranger = "127.0.0.2", "127.0.0.1"


def credential(name: str) -> str:
    return (Path(os.environ["LINDA_DIR"]) / "credentials" / name).read_text().strip()


def stored() -> int:
    """How many deliveries the gateway has kept."""
    command = [os.environ["LINDA"], "rpc", "--dir", os.environ["LINDA_DIR"], "gateway", "inbox.stats"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    return json.loads(answer.stdout)["payloads"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def replaced(text: str, changes: dict[str, str]) -> str:
    """Each change is found, or the example is not what is tested."""
    for old, new in changes.items():
        assert old in text, f"the example has no {old!r}"
        text = text.replace(old, new)
    return text


def delivery(size: int) -> bytes:
    """A webhook of this many bytes, as Meta's largest are."""
    frame = '{"object":"whatsapp_business_account","entry":[],"x":"%s"}'
    return (frame % ("x" * (size - len(frame) + 2))).encode()


class Behaviour:
    """What both examples promise."""

    too_large: tuple[int, ...] = (413,)
    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def begin(cls, command: list[str], environment: dict[str, str] | None = None) -> None:
        log = open(folder / f"{cls.__name__}.log", "wb")
        cls.process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **(environment or {})})
        log.close()
        deadline = time.monotonic() + 30
        while True:
            try:
                cls.ask(cls, "GET", "/")
                return
            except (OSError, http.client.HTTPException):
                assert cls.process.poll() is None and time.monotonic() < deadline, f"{command[0]} does not serve"
                time.sleep(0.05)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.process.terminate()
        cls.process.wait(timeout=30)

    def ask(self, method: str, path: str, body: bytes = b"", source: str = stranger, **headers: str) -> http.client.HTTPResponse:
        """One request over TLS; its answer with the text in `content`."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=30, source_address=(source, 0))
        with context.wrap_socket(plain, server_hostname="wa.example.org") as channel:
            connection = http.client.HTTPSConnection("wa.example.org", timeout=30)
            connection.sock = channel
            connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
            answer = connection.getresponse()
            answer.content = answer.read()
            return answer

    def post(self, body: bytes, secret: str) -> int:
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X_Hub_Signature_256": f"sha256={signature}", "Content_Type": "application/json"}
        try:
            return self.ask("POST", "/webhooks/whatsapp", body, **headers).status
        except (ConnectionError, ssl.SSLError):
            return 413  # Refused before all of it was sent.

    def test_metas_largest_delivery_is_stored(self) -> None:
        before = stored()
        self.assertEqual(self.post(delivery(3_000_000), credential("meta-app-secret")), 200)
        self.assertEqual(stored(), before + 1)

    def test_what_is_larger_or_signed_by_another_is_not(self) -> None:
        before = stored()
        self.assertIn(self.post(delivery(3_300_000), credential("meta-app-secret")), self.too_large)
        self.assertIn(self.post(delivery(1000), "another"), (401, 403))
        self.assertEqual(stored(), before)

    def test_metas_challenge_is_answered(self) -> None:
        token = credential("meta-verify-token")
        path = f"/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=4711"
        answer = self.ask("GET", path)
        self.assertEqual((answer.status, answer.content), (200, b"4711"))

    def test_strangers_reach_nothing_else(self) -> None:
        for path in ("/", "/metrics", "/healthz", "/webhooks/whatsapp/../../metrics", "/webhooks", "//metrics"):
            answer = self.ask("GET", path, Authorization=f"Bearer {credential('admin-key')}")
            self.assertIn(answer.status, (301, 308, 400, 403, 404), path)
            self.assertNotIn(b"linda_", answer.content, path)

    def test_the_office_needs_the_key(self) -> None:
        self.assertEqual(self.ask("GET", "/metrics", source=office).status, 401)
        answer = self.ask("GET", "/metrics", source=office, Authorization=f"Bearer {credential('admin-key')}")
        self.assertEqual(answer.status, 200)
        self.assertIn(b"linda_", answer.content)


class Nginx(Behaviour, unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.port = free_port()
        example = replaced(
            (docs / "nginx.conf").read_text(),
            {
                "listen 443 ssl;": f"listen 127.0.0.1:{cls.port} ssl;",
                "listen [::]:443 ssl;": "",
                "/etc/letsencrypt/live/wa.example.org/fullchain.pem": str(folder / "certificate.pem"),
                "/etc/letsencrypt/live/wa.example.org/privkey.pem": str(folder / "key.pem"),
                "127.0.0.1:8080": gateway,
                "192.0.2.0/24": office,
            },
        )
        temporary = "".join(
            f"{kind}_temp_path {folder}/nginx-{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = f"daemon off;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
        user = "user root;\n" if os.getuid() == 0 else ""
        whole = f"{user}{main}http {{\naccess_log off;\n{temporary}{example}}}\n"
        (folder / "nginx.conf").write_text(whole)
        cls.begin(["/usr/sbin/nginx", "-e", "stderr", "-c", str(folder / "nginx.conf")])


class Caddy(Behaviour, unittest.TestCase):
    # It hands a body on while it comes: whichever it notices first, the size or that the gateway has hung up.
    too_large = (413, 502)

    @classmethod
    def setUpClass(cls) -> None:
        cls.port = free_port()
        example = replaced(
            (docs / "Caddyfile").read_text(),
            {
                "wa.example.org {": f"https://wa.example.org:{cls.port} {{\n\ttls {folder}/certificate.pem {folder}/key.pem",
                "127.0.0.1:8080": gateway,
                "192.0.2.0/24": office,
            },
        )
        (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{example}")
        home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        cls.begin(["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")], home)


class Examples(unittest.TestCase):
    def test_the_documentation_names_them(self) -> None:
        text = Path("docs/install.md").read_text()
        for name in re.findall(r"[^/]+$", "\n".join(str(path) for path in docs.iterdir()), re.MULTILINE):
            self.assertIn(f"proxy/{name}", text)
