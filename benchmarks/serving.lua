-- What wrk asks: the lines of a file, each once, and what it reports: one line of JSON.
local paths = {}
local next_path = 0

function init(arguments)
  for path in io.lines(arguments[1]) do paths[#paths + 1] = path end
  next_path = tonumber(arguments[2])
end

function request()
  next_path = next_path % #paths + 1
  return wrk.format("GET", paths[next_path])
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.stderr:write(string.format(
    '{"requests": %d, "seconds": %f, "failed": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, failed,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
