#!/usr/bin/python3
"""Checks that run inside a booted systemd: the units as installed, each process its own user."""
import hashlib
import hmac
import json
import os
import pwd
import re
import signal
import socket
import subprocess
import threading
import time

SERVICES = ["gateway", "template-service", "account-router", "intelligence-service", "sync-service", "poster"]
checks = []


def check(function):
    checks.append(function)
    return function


def run(*command, ok=True):
    result = subprocess.run(command, capture_output=True, text=True)
    if ok and result.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {result.stdout}{result.stderr}")
    return result


def until(what, condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(0.05)


def show(unit, name):
    return run("systemctl", "show", "-P", name, unit).stdout.strip()


def is_active(unit):
    return run("systemctl", "is-active", "-q", unit, ok=False).returncode == 0


def call(process, method, params=None, user=None):
    """One JSON-RPC call, as another user where one is named."""
    request = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}) + "\n"
    code = (
        "import socket,sys\ns=socket.socket(socket.AF_UNIX);s.settimeout(20);s.connect(sys.argv[1])\n"
        "s.sendall(sys.argv[2].encode());b=b''\nwhile not b.endswith(b'\\n'):\n d=s.recv(65536)\n if not d: break\n b+=d\nprint(b.decode())"
    )
    prefix = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
    result = run(*prefix, "/usr/bin/python3", "-c", code, f"/run/linda/{process}.sock", request, ok=False)
    if result.returncode != 0:
        return {"refused": result.stderr.strip().splitlines()[-1]}
    return json.loads(result.stdout)


def denied(user, path):
    result = run("setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "cat", path, ok=False)
    return result.returncode != 0 and "denied" in result.stderr


def post(body, pause=None, secret=b"secret-meta-app-secret"):
    """A signed webhook on a connection of its own; the status, or what broke."""
    signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
    head = (
        f"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nConnection: close\r\n\r\n"
    ).encode()
    connection = socket.socket()
    connection.settimeout(20)
    try:
        connection.connect(("127.0.0.1", 8080))
    except ConnectionRefusedError:
        return "refused"
    try:
        connection.sendall(head + body[:10])
        if pause:
            pause()
        connection.sendall(body[10:])
        answer = b""
        while True:
            data = connection.recv(4096)
            if not data:
                break
            answer += data
        return int(answer.split(b" ", 2)[1]) if answer else "lost"
    except OSError as error:
        return f"lost: {error}"
    finally:
        connection.close()


def message(number):
    return json.dumps(
        {"entry": [{"id": "1", "changes": [{"field": "load_test", "value": {"n": number}}]}]}, separators=(",", ":")
    ).encode()


def commands(page):
    """What a page tells an operator to type, without its remarks."""
    blocks = re.findall(r"```sh\n(.*?)```", open(f"/usr/share/doc/linda/{page}").read(), re.S)
    return [line.split("  #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


@check
def what_install_md_says_is_done_word_for_word():
    run("useradd", "-m", "asha")
    known = {"make release", "sudo make install"}  # done outside, where there is a compiler
    # An editor for `systemctl edit`, which works on a terminal only.
    with open("/linda-test/editor", "w") as file:
        file.write("#!/bin/sh\nsed -i '/^### Anything between/a [Service]\\nMemoryMax=2000M' \"$1\"\n")
    os.chmod("/linda-test/editor", 0o755)
    # What Certbot leaves behind.
    archive, live = "/etc/letsencrypt/archive/wa.example.org", "/etc/letsencrypt/live/wa.example.org"
    for folder in (archive, live):
        os.makedirs(folder, mode=0o700, exist_ok=True)
    for name in ("privkey", "fullchain"):
        with open(f"{archive}/{name}1.pem", "w") as file:
            file.write("PEM\n")
        os.symlink(f"{archive}/{name}1.pem", f"{live}/{name}.pem")
    done = 0
    for line in commands("install.md"):
        if line in known:
            continue
        line = line.replace("NAME", "asha").removeprefix("sudo ")
        # A password is asked for: a terminal would drop what is typed before that, a pipe keeps it.
        asks = line.startswith("linda users add")
        result = subprocess.run(
            ["bash", "-c", line] if asks else ["script", "-qec", line, "/dev/null"], capture_output=True, text=True,
            input="kept in a safe place\n" if asks else "",
            env={**os.environ, "SYSTEMD_EDITOR": "/linda-test/editor", "SYSTEMD_PAGER": "cat", "SHELL": "/bin/bash"},
        )
        assert result.returncode == 0, f"{line}: {result.returncode} {result.stdout}{result.stderr}"
        done += 1
    assert show("linda-account-router.service", "MemoryMax") == str(2000 << 20), "what was edited is not in force"
    run("systemctl", "revert", "linda-account-router.service")
    run("systemctl", "daemon-reload")
    assert done >= 10, f"only {done} commands were found"
    print(f"   {done} commands", flush=True)


@check
def the_whole_target_comes_up():
    until("linda.target", lambda: is_active("linda.target"))
    for name in SERVICES:
        until(f"{name} active", lambda: is_active(f"linda-{name}.service"))
        assert is_active(f"linda-{name}.socket")
        assert call(name, "service.info")["result"]["process"] == name
        uid = pwd.getpwnam(f"linda-{name}").pw_uid
        pid = int(show(f"linda-{name}.service", "MainPID"))
        assert os.stat(f"/proc/{pid}").st_uid == uid, f"{name} does not run as its own user"
        start = int(show(f"linda-{name}.service", "ActiveEnterTimestampMonotonic")) - int(
            show(f"linda-{name}.service", "InactiveExitTimestampMonotonic")
        )
        print(f"   {name} ready {start / 1000:.0f} ms after its start", flush=True)


@check
def a_stopped_service_is_started_by_a_call():
    run("systemctl", "stop", "linda-sync-service.service")
    assert not is_active("linda-sync-service.service")
    assert call("sync-service", "service.ping")["result"] == {}
    until("the activated service", lambda: is_active("linda-sync-service.service"))


@check
def no_connection_is_refused_or_lost_across_gateway_restarts():
    results, stop, lock = [], threading.Event(), threading.Lock()

    def load(lane):
        number = 0
        while not stop.is_set():
            outcome = post(message(f"{lane}-{number}"))
            number += 1
            with lock:
                results.append(outcome)

    threads = [threading.Thread(target=load, args=(lane,), daemon=True) for lane in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        before = len(results)
        until("load", lambda: len(results) > before + 50)
        run("systemctl", "restart", "linda-gateway.service")
    before = len(results)
    until("load afterwards", lambda: len(results) > before + 50)
    stop.set()
    for thread in threads:
        thread.join()
    wrong = [outcome for outcome in results if outcome != 200]
    assert not wrong, f"{len(wrong)} of {len(results)}: {wrong[:3]}"
    # What was acknowledged is there.
    stored = call("gateway", "inbox.stats")["result"]["payloads"]
    assert stored == len(results), f"{len(results)} acknowledged, {stored} stored"
    print(f"   {len(results)} deliveries over 3 restarts, all 200, all stored", flush=True)


@check
def a_killed_process_is_started_again():
    for name in SERVICES:
        unit = f"linda-{name}.service"
        pid, count = show(unit, "MainPID"), int(show(unit, "NRestarts"))
        os.kill(int(pid), signal.SIGKILL)
        until(f"restart of {name}", lambda: int(show(unit, "NRestarts")) > count and is_active(unit))
        assert show(unit, "MainPID") != pid
        assert call(name, "service.ping")["result"] == {}


@check
def a_hanging_process_is_ended_by_the_watchdog():
    unit = "linda-sync-service.service"
    pid, count = int(show(unit, "MainPID")), int(show(unit, "NRestarts"))
    os.kill(pid, signal.SIGSTOP)
    until("restart by the watchdog", lambda: int(show(unit, "NRestarts")) > count and is_active(unit))
    assert "watchdog" in run("journalctl", "-u", unit, "--no-pager", "-o", "cat").stdout.lower()


@check
def a_live_process_outlasts_its_watchdog():
    unit = "linda-sync-service.service"
    count = show(unit, "NRestarts")
    time.sleep(5)  # two and a half watchdog periods
    assert show(unit, "NRestarts") == count and is_active(unit)


@check
def credentials_are_for_their_process_alone():
    for name in ("meta-app-secret", "graph-token"):
        assert denied("linda-sync-service", f"/etc/linda/credentials/{name}")
    folder = "/run/credentials/linda-account-router.service"
    assert denied("linda-sync-service", f"{folder}/graph-token")
    pid = show("linda-account-router.service", "MainPID")
    for place in ("environ", "cmdline"):
        assert b"secret-" not in open(f"/proc/{pid}/{place}", "rb").read(), f"a secret in {place}"


@check
def each_database_is_for_its_own_user_alone():
    for owner in SERVICES:
        path = f"/var/lib/linda/{owner}/{owner}.sqlite"
        assert os.stat(path).st_mode & 0o777 == 0o600, path
        assert os.stat(path).st_uid == pwd.getpwnam(f"linda-{owner}").pw_uid
        for other in SERVICES:
            if other != owner:
                assert denied(f"linda-{other}", path), f"{other} can read {path}"


@check
def callers_are_held_to_what_they_may_call():
    user = "linda-intelligence-service"
    allowed = call("account-router", "message.get", {"id": "nothing"}, user=user)
    assert allowed["error"]["data"]["reason"] == "message_unknown", allowed
    refused = call("account-router", "account.delete", {"phoneNumberID": "1"}, user=user)
    assert refused["error"]["code"] == -32003, refused
    assert "refused" in call("account-router", "service.ping", user="nobody"), "nobody could connect"
    # poster reads what has happened, and nothing else of the gateway's.
    assert call("gateway", "event.list", {"atEnd": True}, user="linda-poster")["result"]["items"] == []
    refused = call("gateway", "key.list", user="linda-poster")
    assert refused["error"]["code"] == -32003, refused


@check
def who_joins_or_leaves_the_group_counts_at_once():
    run("useradd", "-m", "late")
    # Before: the socket is not even reached. A member of another group of the folder would be told to join.
    assert "refused" in call("account-router", "account.list", user="late")
    run("usermod", "-aG", "linda", "late")
    until("the new operator", lambda: "result" in call("account-router", "account.list", user="late"), 5)
    run("gpasswd", "-d", "late", "linda")
    until("who has left", lambda: "refused" in call("account-router", "account.list", user="late"), 5)


@check
def a_secret_is_changed_while_the_old_one_counts():
    path = "/etc/linda/credentials/meta-app-secret"
    old = open(path).read()
    with open(path, "w") as file:
        file.write("another secret\n" + old)
    run("systemctl", "restart", "linda-gateway.service")
    assert post(message("old secret")) == 200
    assert post(message("new secret"), secret=b"another secret") == 200
    assert post(message("no secret"), secret=b"neither") == 401
    with open(path, "w") as file:
        file.write(old)
    run("systemctl", "restart", "linda-gateway.service")
    assert post(message("new secret, again"), secret=b"another secret") == 401


@check
def a_misspelt_setting_is_refused_and_checked():
    path = "/etc/linda/linda.yaml"
    old = open(path).read()
    for text, words in {
        "common:\n  log:\n    lavel: info\n": "did you mean log.level?",
        "gateway:\n  webhook:\n    bites: 1\n": "did you mean webhook.bytes?",
        "common:\n  graph:\n    url: https://x\n": "graph.url",
        "getaway: {}\n": "no process is called getaway",
    }.items():
        with open(path, "w") as file:
            file.write(text)
        result = run("linda", "config", "check", ok=False)
        assert result.returncode == 78 and words in result.stdout, f"{text}: {result.returncode} {result.stdout}{result.stderr}"
    unit = "linda-sync-service.service"
    run("systemctl", "restart", unit, ok=False)
    until("the refusal", lambda: show(unit, "ExecMainStatus") == "78")
    with open(path, "w") as file:
        file.write(old)
    run("systemctl", "reset-failed", unit)
    run("systemctl", "restart", unit)


@check
def no_process_leaves_a_core():
    for name in SERVICES:
        pid = show(f"linda-{name}.service", "MainPID")
        limits = open(f"/proc/{pid}/limits").read()
        assert re.search(r"Max core file size\s+0\s+0", limits), limits


@check
def exposure_stays_below_its_threshold():
    for name, tenths in {"gateway": 7, "intelligence-service": 7, "sync-service": 7, "account-router": 14, "template-service": 14, "poster": 14}.items():
        result = run("systemd-analyze", "security", "--no-pager", f"--threshold={tenths}", f"linda-{name}.service", ok=False)
        assert result.returncode == 0, result.stdout.splitlines()[-1]


@check
def reload_is_taken():
    run("systemctl", "reload", "linda-account-router.service")
    journal = lambda: run("journalctl", "-u", "linda-account-router.service", "--no-pager", "-o", "cat").stdout
    until("the reload", lambda: "configuration reloaded" in journal())
    assert is_active("linda-account-router.service")


@check
def a_missing_credential_is_not_retried_for_ever():
    unit = "linda-template-service.service"
    os.makedirs(f"/etc/systemd/system/{unit}.d", exist_ok=True)
    with open(f"/etc/systemd/system/{unit}.d/none.conf", "w") as file:
        file.write("[Service]\nLoadCredential=\n")
    run("systemctl", "daemon-reload")
    run("systemctl", "restart", unit, ok=False)
    until("the refusal", lambda: show(unit, "ActiveState") == "failed")
    assert show(unit, "ExecMainStatus") == "66"
    os.remove(f"/etc/systemd/system/{unit}.d/none.conf")
    run("systemctl", "daemon-reload")
    run("systemctl", "reset-failed", unit)
    run("systemctl", "start", unit)


@check
def a_credential_file_that_is_gone_is_not_retried_for_ever():
    unit = "linda-template-service.service"
    run("systemctl", "stop", unit)
    os.rename("/etc/linda/credentials/graph-token", "/etc/linda/credentials/away")
    try:
        run("systemctl", "start", unit, ok=False)
        until("the refusal", lambda: show(unit, "ActiveState") == "failed")
        restarts = show(unit, "NRestarts")
        time.sleep(2)
        assert (show(unit, "ActiveState"), show(unit, "NRestarts")) == ("failed", restarts), "systemd goes on trying"
        assert show(unit, "ExecMainStatus") == "243"
        assert unit in run("systemctl", "--failed", "--no-pager", "--plain").stdout, "an operator is not told"
    finally:
        os.rename("/etc/linda/credentials/away", "/etc/linda/credentials/graph-token")
    run("systemctl", "reset-failed", unit)
    run("systemctl", "start", unit)


@check
def a_credential_file_that_is_gone_under_traffic_is_tried_slowly():
    """Calls over both sockets of the gateway and to account-router, again and again, and all who wait are answered in the end."""
    for name, file in (("gateway", "meta-app-secret"), ("account-router", "graph-token")):
        unit, path = f"linda-{name}.service", f"/etc/linda/credentials/{file}"
        sockets = [f"linda-{name}.socket"] + (["linda-gateway-http.socket"] if name == "gateway" else [])
        journal = lambda: run("journalctl", "-u", unit, "--no-pager", "-o", "cat").stdout
        tries = lambda: journal().count("status=243/CREDENTIALS")
        run("systemctl", "stop", unit)
        os.rename(path, f"{path}.away")
        answers, threads, lock = [], [], threading.Lock()

        def ask(kind):
            answer = post(message(f"waits {kind}")) if kind == "http" else call(name, "service.ping").get("result")
            with lock:
                answers.append((kind, answer))

        try:
            before, began = tries(), time.monotonic()
            while time.monotonic() < began + 4 or tries() < before + 3:
                assert time.monotonic() < began + 20, "calls that wait do not make it try"
                for kind in ("rpc", "http") if name == "gateway" else ("rpc",):
                    threads.append(threading.Thread(target=ask, args=(kind,), daemon=True))
                    threads[-1].start()
                time.sleep(0.2)
            seconds, count = time.monotonic() - began, tries() - before
            assert count <= seconds + 2, f"{name} was tried {count} times in {seconds:.1f} s"
            assert all(is_active(unit) for unit in sockets), "a socket has failed with its service"
            assert not answers, f"answered without its credential: {answers[:3]}"
            until("a status that tells", lambda: "243/CREDENTIALS" in run("systemctl", "status", "--no-pager", unit, ok=False).stdout, 5)
            errors = run("journalctl", "-u", unit, "-p", "err", "--no-pager", "-o", "cat").stdout
            assert f"LoadCredential= of {unit} names the files" in errors, errors[-500:]
        finally:
            os.rename(f"{path}.away", path)
        # Nothing is restarted or reset by hand.
        for thread in threads:
            thread.join(30)
        wrong = [answer for answer in answers if answer not in (("rpc", {}), ("http", 200))]
        assert len(answers) == len(threads) and not wrong, f"{len(answers)} of {len(threads)} answered, wrong: {wrong[:3]}"
        assert is_active(unit) and all(is_active(unit) for unit in sockets)
        print(f"   {name}: {count} attempts in {seconds:.0f} s, then all {len(answers)} that waited were answered", flush=True)


@check
def traffic_during_a_refusal_leaves_the_socket_open():
    unit, path = "linda-sync-service.service", "/run/linda/sync-service.sock"
    os.makedirs(f"/etc/systemd/system/{unit}.d", exist_ok=True)
    with open(f"/etc/systemd/system/{unit}.d/wrong.conf", "w") as file:
        file.write("[Service]\nExecStart=\nExecStart=/usr/libexec/linda/linda-sync-service --no-such-option\n")
    run("systemctl", "daemon-reload")
    run("systemctl", "stop", unit)
    waiting = []
    for _ in range(60):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        waiting.append(connection)
        time.sleep(0.05)
    assert is_active("linda-sync-service.socket"), "the socket has failed with its service"
    os.remove(f"/etc/systemd/system/{unit}.d/wrong.conf")
    run("systemctl", "daemon-reload")
    until("the answer", lambda: call("sync-service", "service.ping").get("result") == {})
    refusals = run("journalctl", "-u", unit, "-p", "err", "-o", "cat", ok=False).stdout
    assert "no-such-option" in refusals, "a refusal has no priority that an operator would look for"


@check
def each_unit_has_its_bounds():
    for name in SERVICES:
        unit = f"linda-{name}.service"
        high, most, tasks = (show(unit, n) for n in ("MemoryHigh", "MemoryMax", "TasksMax"))
        assert high.isdigit() and most.isdigit() and int(high) < int(most) <= 2 << 30, (name, high, most)
        assert tasks == "512", (name, tasks)
        # The loader ends with it where a library is missing: starting again does not mend that.
        assert re.search(r"^RestartPreventExitStatus=.*\b127\b", open(f"/etc/systemd/system/{unit}").read(), re.M), name


@check
def stopping_finishes_what_is_in_flight():
    outcome = []

    def stop():
        run("systemctl", "stop", "--no-block", "linda-gateway.service")
        until("the gateway to be stopping", lambda: show("linda-gateway.service", "ActiveState") == "deactivating")

    thread = threading.Thread(target=lambda: outcome.append(post(message("in flight"), pause=stop)))
    thread.start()
    thread.join()
    assert outcome == [200], outcome
    until("the stop", lambda: show("linda-gateway.service", "ActiveState") == "inactive")
    assert show("linda-gateway.service", "Result") == "success"
    assert show("linda-gateway.service", "ExecMainStatus") == "0"
    run("systemctl", "start", "linda-gateway.service")
    kept = call("gateway", "inbox.list", {"kind": "load_test", "limit": 1})["result"]["items"]
    assert kept and kept[0]["raw"]["n"] == "in flight", kept


@check
def nothing_critical_was_logged():
    lines = run("journalctl", "-p", "crit", "-u", "linda-*", "--no-pager", "-o", "cat").stdout.strip()
    assert not lines, lines


failed = 0
for function in checks:
    start = time.monotonic()
    try:
        function()
        print(f"ok   {function.__name__.replace('_', ' ')} ({time.monotonic() - start:.1f} s)", flush=True)
    except Exception as error:
        failed += 1
        print(f"FAIL {function.__name__.replace('_', ' ')}: {type(error).__name__}: {error}", flush=True)
        if failed == 1:
            print(run("journalctl", "-u", "linda-*", "--no-pager", "-o", "short-monotonic", "-n", "60", ok=False).stdout, flush=True)
print(f"systemd: {len(checks) - failed} passed, {failed} failed")
raise SystemExit(1 if failed else 0)
