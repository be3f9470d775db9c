-- Asks the queries of a file in turn, each with a number of its own, and reports in one line of JSON.
-- wrk --script wrk.lua URL -- FILE FIRST
-- FILE has one request target a line; in it, ~N~ stands for the number of the request.

local targets, number = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do targets[#targets + 1] = line end
  number = tonumber(arguments[2])
end

function request()
  number = number + 1
  local target = targets[number % #targets + 1]
  return wrk.format("GET", (target:gsub("~N~", number)))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"seconds": %.6f, "requests": %d, "p50": %.6f, "p99": %.6f, "refused": %d, "broken": %d}\n',
    summary.duration / 1e6, summary.requests, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
