-- wrk script: POSTs one signed message webhook (same wamid or a fresh one with UNIQUE=1; fresh ones are signed ahead by gen_webhooks.py into BODIES).
local bodies={} for line in io.lines(os.getenv("BODIES")) do local sig,b=line:match("^(%S+)\t(.*)$") bodies[#bodies+1]={sig,b} end
local i=0
request=function() i=i%#bodies+1 local x=bodies[i] return wrk.format("POST",os.getenv("HOOK_PATH") or "/",{["Content-Type"]="application/json",["X-Hub-Signature-256"]="sha256="..x[1]},x[2]) end
-- PAUSE: milliseconds that a connection waits before each request.
local pause=tonumber(os.getenv("PAUSE") or "0") if pause>0 then function delay() return pause end end
function done(summary, latency)
    local e = summary.errors
    print(("RESULT %d %d %d %.3f %.2f %.2f"):format(summary.requests, e.status, e.connect + e.read + e.write + e.timeout,
        summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
