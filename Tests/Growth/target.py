"""A target that runs in a folder: started and stopped, and asked over its sockets and over HTTP."""

import hashlib
import hmac
import http.client
import json
import socket
import subprocess
import time


class Target:
    processes = ["gateway", "account-router", "template-service", "intelligence-service", "sync-service", "poster"]

    def __init__(self, programs, folder):
        self.programs, self.folder, self.server, self.sockets = programs, folder, None, {}

    def start(self):
        """Milliseconds until the whole target says that it is ready."""
        began = time.perf_counter()
        # Nobody answers at that address: what is measured is what is done here.
        self.server = subprocess.Popen(
            [f"{self.programs}/linda", "up", "--dir", self.folder, "--port", "0", "--graph-url", "http://127.0.0.1:9"],
            stdout=subprocess.PIPE, stderr=open(f"{self.folder}.log", "a"), text=True)
        for line in self.server.stdout:
            if line.startswith("ready "):
                self.port = int(line.rsplit(":", 1)[1])
                return 1000 * (time.perf_counter() - began)
        raise SystemExit(f"the target does not start: {open(f'{self.folder}.log').read()[-2000:]}")

    def stop(self):
        if self.server is None:
            return
        for file, connection in self.sockets.values():
            file.close()
            connection.close()
        self.sockets = {}
        self.server.terminate()
        self.server.wait()
        self.server.stdout.close()
        self.server = None

    def call(self, process, method, params):
        if process not in self.sockets:
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(f"{self.folder}/run/{process}.sock")
            self.sockets[process] = (connection.makefile("rb"), connection)
        file, connection = self.sockets[process]
        connection.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n")
        reply = json.loads(file.readline())
        # A misspelt name is looked for among those that are near.
        if "error" in reply and reply["error"]["data"]["reason"] != "template_unknown":
            raise SystemExit(f"{process} {method} {params}: {reply['error']}")
        return reply.get("result")

    def post(self, path, content):
        """A delivery, signed as Meta signs it."""
        body = json.dumps(content).encode()
        secret = open(f"{self.folder}/credentials/meta-app-secret").read().strip().encode()
        signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("POST", path, body, {"X-Hub-Signature-256": f"sha256={signature}"})
        status = connection.getresponse().status
        connection.close()
        if status != 200:
            raise SystemExit(f"POST {path}: {status}")

    def ask(self, process, method, params):
        """Milliseconds of one call."""
        began = time.perf_counter()
        if method.startswith("POST "):
            self.post(method.removeprefix("POST "), params)
        else:
            self.call(process, method, params)
        return 1000 * (time.perf_counter() - began)
