/**
 * What all operations of the registry share, as Lua: each is one atomic step of the Redis server, and the server's clock is the only one.
 *
 * KEYS[1] is the key prefix with its hash tag; every other key is made from it, so that all of them share one cluster slot:
 *
 *   w:<name>      HASH  nonce gen cap state info voices beat stats   expires by itself OUTLIVES_MS after its heartbeat was due
 *   names         ZSET  worker name, score 0                         index for paging in order of name
 *   exp           ZSET  worker name → ms at which its heartbeat is overdue
 *   late          ZSET  worker name → its overdue instant, once that has been told
 *   load:<voice>  ZSET  worker name → slots in use ÷ capacity        the candidates for a lease
 *   wl:<name>     SET   request ids of the leases the worker holds
 *   l:<request>   HASH  worker tok gen ttl
 *   lx            ZSET  request id → ms at which the lease expires
 *   tok           last fencing token
 *   reap          HASH  last from   when overdue workers were last looked for, and since when they may be taken for gone
 *   seq           number of the last event; begins at the clock's microseconds, so that a lost one is seen as a gap
 *   born          seq at which the data began
 *   ev            STREAM <seq>-0 → n = name of a worker whose row has changed
 *
 * A worker with an overdue heartbeat leaves `load:*` when a lease comes across it, and its next heartbeat puts it back.
 * All numbers in replies are decimal strings.
 */
export const PRELUDE = `
local prefix = KEYS[1]
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)

local OUTLIVES_MS = 90000       -- a record outlives its heartbeat's TTL, to be seen as overdue until REAP forgets it; where nobody does, Redis drops it
local EVENT_LIMIT = 2000        -- a watcher that is further behind reads everything anew
local SWEEP_LIMIT = 128         -- bounds the work of one call

local function integer(number) return string.format('%.0f', number) end

-- The number in a string, from 0 to 2^53 - 1 without a fraction; nil for everything else.
local function whole(text)
  local number = tonumber(text or nil)
  return number and number >= 0 and number <= 9007199254740991 and number % 1 == 0 and number or nil
end

-- Grows with every call, also when the counter was lost: microseconds of the clock are far ahead of any count of grants.
local function nextToken()
  local clockUs = time[1] * 1000000 + time[2]
  local previous = whole(redis.call('GET', prefix .. 'tok')) or 0
  local token = integer(math.max(previous + 1, clockUs))
  redis.call('SET', prefix .. 'tok', token)
  return token
end

-- Tells those who watch that this worker's row has changed. A stream that is no stream must not stop the registry.
local function changed(name)
  if redis.call('EXISTS', prefix .. 'seq') == 0 then
    local clockUs = integer(time[1] * 1000000 + time[2])
    redis.call('SET', prefix .. 'seq', clockUs)
    redis.call('SET', prefix .. 'born', clockUs)
  end
  local seq = integer(redis.call('INCR', prefix .. 'seq'))
  redis.pcall('XADD', prefix .. 'ev', 'MAXLEN', '~', EVENT_LIMIT, seq .. '-0', 'n', name)
end

-- The fields of a hash; none of them when the key holds something else.
local function fields(key, ...)
  local values = redis.pcall('HMGET', key, ...)
  return values.err and {} or values
end

local function isState(text) return text == 'starting' or text == 'ready' or text == 'draining' end

local function voicesIn(text)
  local ok, decoded = pcall(cjson.decode, text or '[]')
  local voices = {}
  for _, voice in ipairs(ok and type(decoded) == 'table' and decoded or {}) do
    if type(voice) == 'string' then voices[#voices + 1] = voice end
  end
  return voices
end

-- How many leases the worker holds. A key that is no set of them is thrown away.
local function leaseCount(name)
  local count = redis.pcall('SCARD', prefix .. 'wl:' .. name)
  if type(count) == 'number' then return count end
  redis.call('DEL', prefix .. 'wl:' .. name)
  return 0
end

local function isLive(name)
  local expiry = redis.call('ZSCORE', prefix .. 'exp', name)
  local record = fields(prefix .. 'w:' .. name, 'gen', 'info')
  return expiry and tonumber(expiry) > nowMs and whole(record[1]) and record[2]
end

-- Makes the worker a candidate for each of its voices at its present load, or takes it out of all of them.
local function refreshLoad(name)
  local record = fields(prefix .. 'w:' .. name, 'voices', 'cap', 'state')
  local capacity = whole(record[2])
  if not record[1] or not capacity or capacity < 1 then return end
  local isCandidate = record[3] == 'ready' and isLive(name)
  local load = leaseCount(name) / capacity
  for _, voice in ipairs(voicesIn(record[1])) do
    if isCandidate then redis.call('ZADD', prefix .. 'load:' .. voice, load, name)
    else redis.call('ZREM', prefix .. 'load:' .. voice, name) end
  end
end

-- Returns the name of the worker that held the lease.
local function dropLease(requestId)
  local name = fields(prefix .. 'l:' .. requestId, 'worker')[1]
  redis.call('DEL', prefix .. 'l:' .. requestId)
  redis.call('ZREM', prefix .. 'lx', requestId)
  if name then
    redis.pcall('SREM', prefix .. 'wl:' .. name, requestId)
    changed(name)
  end
  return name
end

local function sweepLeases()
  local overdue = redis.call('ZRANGEBYSCORE', prefix .. 'lx', '-inf', nowMs, 'LIMIT', 0, SWEEP_LIMIT)
  local touched = {}
  for _, requestId in ipairs(overdue) do
    local name = dropLease(requestId)
    if name then touched[name] = true end
  end
  for name in pairs(touched) do refreshLoad(name) end
end

local function dropWorker(name)
  local voices = fields(prefix .. 'w:' .. name, 'voices')[1]
  for _, voice in ipairs(voicesIn(voices or nil)) do redis.call('ZREM', prefix .. 'load:' .. voice, name) end
  for _, requestId in ipairs(redis.pcall('SMEMBERS', prefix .. 'wl:' .. name)) do
    redis.call('DEL', prefix .. 'l:' .. requestId)
    redis.call('ZREM', prefix .. 'lx', requestId)
  end
  redis.call('DEL', prefix .. 'w:' .. name, prefix .. 'wl:' .. name)
  redis.call('ZREM', prefix .. 'exp', name)
  redis.call('ZREM', prefix .. 'late', name)
  redis.call('ZREM', prefix .. 'names', name)
  changed(name)
end

local function keepAlive(name, ttlMs)
  redis.call('HSET', prefix .. 'w:' .. name, 'beat', integer(nowMs))
  redis.call('PEXPIRE', prefix .. 'w:' .. name, ttlMs + OUTLIVES_MS)
  redis.call('ZADD', prefix .. 'names', 0, name)
  redis.call('ZADD', prefix .. 'exp', integer(nowMs + ttlMs), name)
  if redis.call('ZREM', prefix .. 'late', name) == 1 then changed(name) end
  refreshLoad(name)
end
`;
