# What companies write today: events in BullMQ (official Python port), workers that sign and post them over kept connections.
import asyncio
import base64
import hashlib
import hmac
import json
import sys
import time

import httpx
from bullmq import Queue, Worker

COUNT = int(sys.argv[1])
REDIS = {"connection": "redis://127.0.0.1:6391"}
SECRET = b"0123456789abcdef01234567"


async def main():
    queue = Queue("webhooks", REDIS)
    await queue.obliterate(True)
    event = {"type": "message.accepted", "subject": "01JD", "data": {"account": "106540352242922"}}
    for first in range(0, COUNT, 100):
        await asyncio.gather(*[queue.add("event", {"id": f"evt_{first + n}", **event}) for n in range(100)])
    done = asyncio.Event()
    posted = 0
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=64)) as client:

        async def post(job, token):
            nonlocal posted
            body = json.dumps(job.data).encode()
            at = str(int(time.time()))
            signed = hmac.new(SECRET, f"{job.data['id']}.{at}.".encode() + body, hashlib.sha256).digest()
            headers = {
                "webhook-id": job.data["id"], "webhook-timestamp": at, "webhook-signature": "v1," + base64.b64encode(signed).decode(),
                "content-type": "application/json",
            }
            answer = await client.post("http://127.0.0.1:6392/webhooks", content=body, headers=headers)
            answer.raise_for_status()
            posted += 1
            if posted >= COUNT:
                done.set()

        start = time.time()
        worker = Worker("webhooks", post, {**REDIS, "concurrency": 64})
        await done.wait()
        print(f"posted {COUNT / (time.time() - start):,.0f}/s")
        await worker.close(True)
    await queue.close()


asyncio.run(main())
