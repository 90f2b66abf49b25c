-- Asks one document over and over: `wrk -s ask.lua URL -- DOCUMENT [changing]`; without one it only
-- gets the page. With `changing` no two requests have the same variables, so that no answer can have
-- been kept. With TOKEN in the environment, whoever asks is known by it.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local body
local asked = 0

-- Only what changes is written anew for each request: what the client does takes from the server.
local function next_request()
  asked = asked + 1
  -- All instants lie after everything that is recorded, so that all answers are alike.
  local known = string.format("%04d-01-01T%02d:%02d:%02d.%06dZ", 2100 + number,
    math.floor(asked / 3600) % 24, math.floor(asked / 60) % 60, asked % 60, math.random(0, 999999))
  return wrk.format(nil, nil, nil, body .. ',"known":"' .. known .. '"}}')
end

function init(args)
  if not args[1] then
    return
  end
  local file = assert(io.open(args[1]))
  local text = file:read("*a"):gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%s+", " ")
  file:close()
  body = '{"query":"' .. text .. '","variables":{"day":"2022-12-31"'
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  if os.getenv("TOKEN") then
    wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
  end
  wrk.body = body .. "}}"
  math.randomseed(os.time() * 64 + number)
  if args[2] == "changing" then
    request = next_request
  end
end

function done(summary, latency)
  local seconds = summary.duration / 1e6
  io.write(string.format("RESULT %.0f %.2f %.2f %d\n", summary.requests / seconds,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
