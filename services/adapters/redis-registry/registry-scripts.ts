/**
 * The registry's operations as Lua: each is one atomic step of the Redis server, and the server's clock is the only one.
 *
 * KEYS[1] is the key prefix with its hash tag; every other key is made from it, so that all of them share one cluster slot:
 *
 *   w:<name>      HASH  nonce gen cap state info voices beat stats   expires by itself after RECORD_TTLS heartbeats' TTLs
 *   names         ZSET  worker name, score 0                         index for paging in order of name
 *   exp           ZSET  worker name → ms at which its heartbeat is overdue
 *   load:<voice>  ZSET  worker name → slots in use ÷ capacity        the candidates for a lease
 *   wl:<name>     SET   request ids of the leases the worker holds
 *   l:<request>   HASH  worker tok gen ttl
 *   lx            ZSET  request id → ms at which the lease expires
 *   tok           last fencing token
 *
 * A worker with an overdue heartbeat leaves `load:*` when a lease comes across it, and its next heartbeat puts it back.
 * All numbers in replies are decimal strings.
 */
const PRELUDE = `
local prefix = KEYS[1]
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)

local RECORD_TTLS = 6           -- a record outlives this many heartbeat TTLs, then Redis drops it by itself
local FORGET_AFTER_MS = 60000   -- overdue for this long: the worker is forgotten, with its leases
local SWEEP_LIMIT = 128         -- bounds the work of one call

local function integer(number) return string.format('%.0f', number) end

-- Grows with every call, also when the counter was lost: microseconds of the clock are far ahead of any count of grants.
local function nextToken()
  local clockUs = time[1] * 1000000 + time[2]
  local previous = tonumber(redis.call('GET', prefix .. 'tok') or '0')
  local token = integer(math.max(previous + 1, clockUs))
  redis.call('SET', prefix .. 'tok', token)
  return token
end

local function isLive(name)
  local expiry = redis.call('ZSCORE', prefix .. 'exp', name)
  return expiry and tonumber(expiry) > nowMs and redis.call('EXISTS', prefix .. 'w:' .. name) == 1
end

-- Makes the worker a candidate for each of its voices at its present load, or takes it out of all of them.
local function refreshLoad(name)
  local record = redis.call('HMGET', prefix .. 'w:' .. name, 'voices', 'cap', 'state')
  if not record[1] then return end
  local isCandidate = record[3] == 'ready' and isLive(name)
  local load = redis.call('SCARD', prefix .. 'wl:' .. name) / record[2]
  for _, voice in ipairs(cjson.decode(record[1])) do
    if isCandidate then redis.call('ZADD', prefix .. 'load:' .. voice, load, name)
    else redis.call('ZREM', prefix .. 'load:' .. voice, name) end
  end
end

-- Returns the name of the worker that held the lease.
local function dropLease(requestId)
  local name = redis.call('HGET', prefix .. 'l:' .. requestId, 'worker')
  redis.call('DEL', prefix .. 'l:' .. requestId)
  redis.call('ZREM', prefix .. 'lx', requestId)
  if name then redis.call('SREM', prefix .. 'wl:' .. name, requestId) end
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
  local voices = redis.call('HGET', prefix .. 'w:' .. name, 'voices')
  if voices then
    for _, voice in ipairs(cjson.decode(voices)) do redis.call('ZREM', prefix .. 'load:' .. voice, name) end
  end
  for _, requestId in ipairs(redis.call('SMEMBERS', prefix .. 'wl:' .. name)) do
    redis.call('DEL', prefix .. 'l:' .. requestId)
    redis.call('ZREM', prefix .. 'lx', requestId)
  end
  redis.call('DEL', prefix .. 'w:' .. name, prefix .. 'wl:' .. name)
  redis.call('ZREM', prefix .. 'exp', name)
  redis.call('ZREM', prefix .. 'names', name)
end

local function sweepWorkers()
  local gone = redis.call('ZRANGEBYSCORE', prefix .. 'exp', '-inf', nowMs - FORGET_AFTER_MS, 'LIMIT', 0, 8)
  for _, name in ipairs(gone) do dropWorker(name) end
end

local function keepAlive(name, ttlMs)
  redis.call('HSET', prefix .. 'w:' .. name, 'beat', integer(nowMs))
  redis.call('PEXPIRE', prefix .. 'w:' .. name, ttlMs * RECORD_TTLS)
  redis.call('ZADD', prefix .. 'exp', integer(nowMs + ttlMs), name)
  refreshLoad(name)
end
`;

/**
 * ARGV: name, nonce, capacity, ttlMs, info (JSON), voices (JSON array).
 * → registered, generation, nowMs | taken, info of the holder, ms until its heartbeat is overdue
 */
const REGISTER = `
local name, nonce, ttlMs = ARGV[1], ARGV[2], tonumber(ARGV[4])
local key = prefix .. 'w:' .. name
sweepWorkers()
local held = redis.call('HMGET', key, 'nonce', 'gen', 'info')
local generation = held[2]
local isSameStart = held[1] == nonce and held[3] == ARGV[5]
if not isSameStart then
  if held[1] and held[1] ~= nonce and isLive(name) then
    return {'taken', held[3], integer(redis.call('ZSCORE', prefix .. 'exp', name) - nowMs)}
  end
  dropWorker(name)
  generation = nextToken()
  redis.call('HSET', key, 'nonce', nonce, 'gen', generation, 'cap', ARGV[3], 'state', 'ready', 'info', ARGV[5], 'voices', ARGV[6])
  redis.call('ZADD', prefix .. 'names', 0, name)
end
keepAlive(name, ttlMs)
return {'registered', generation, integer(nowMs)}
`;

/** ARGV: name, generation, ttlMs, stats (JSON). → ok, desired state, nowMs | unknown | stale */
const BEAT = `
local name = ARGV[1]
local record = redis.call('HMGET', prefix .. 'w:' .. name, 'gen', 'state')
if not record[1] then return {'unknown'} end
if record[1] ~= ARGV[2] then return {'stale'} end
redis.call('HSET', prefix .. 'w:' .. name, 'stats', ARGV[4])
keepAlive(name, tonumber(ARGV[3]))
return {'ok', record[2], integer(nowMs)}
`;

/** ARGV: name, generation. → ok | unknown | stale */
const UNREGISTER = `
local generation = redis.call('HGET', prefix .. 'w:' .. ARGV[1], 'gen')
if not generation then return {'unknown'} end
if generation ~= ARGV[2] then return {'stale'} end
dropWorker(ARGV[1])
return {'ok'}
`;

/** ARGV: name, state. → ok | unknown */
const SET_STATE = `
if redis.call('EXISTS', prefix .. 'w:' .. ARGV[1]) == 0 then return {'unknown'} end
redis.call('HSET', prefix .. 'w:' .. ARGV[1], 'state', ARGV[2])
refreshLoad(ARGV[1])
return {'ok'}
`;

/**
 * ARGV: voice, request id, ttlMs, preferred names (JSON array, best first), excluded names (JSON array).
 * → granted, fencing token, generation, info, ttlMs | none, no-worker | none, worker-at-capacity
 *
 * The first preferred candidate that is live and below capacity takes the lease. After them, candidates are read in windows
 * from the lowest load up.
 */
const LEASE = `
local voice, requestId, ttlMs = ARGV[1], ARGV[2], tonumber(ARGV[3])
local WINDOW = 16
sweepLeases()
sweepWorkers()

local held = redis.call('HMGET', prefix .. 'l:' .. requestId, 'worker', 'tok', 'gen', 'ttl')
if held[1] then
  local record = redis.call('HMGET', prefix .. 'w:' .. held[1], 'gen', 'info')
  if record[1] == held[3] then return {'granted', held[2], held[3], record[2], held[4]} end
  dropLease(requestId)
end

local isExcluded = {}
for _, name in ipairs(cjson.decode(ARGV[5])) do isExcluded[name] = true end

local function grant(name)
  local record = redis.call('HMGET', prefix .. 'w:' .. name, 'gen', 'info')
  local token = nextToken()
  redis.call('HSET', prefix .. 'l:' .. requestId, 'worker', name, 'tok', token, 'gen', record[1], 'ttl', ARGV[3])
  redis.call('ZADD', prefix .. 'lx', integer(nowMs + ttlMs), requestId)
  redis.call('SADD', prefix .. 'wl:' .. name, requestId)
  refreshLoad(name)
  return {'granted', token, record[1], record[2], ARGV[3]}
end

for _, name in ipairs(cjson.decode(ARGV[4])) do
  local load = redis.call('ZSCORE', prefix .. 'load:' .. voice, name)
  if load and tonumber(load) < 1 and isLive(name) and not isExcluded[name] then return grant(name) end
end

local first = 0
while true do
  local window = redis.call('ZRANGE', prefix .. 'load:' .. voice, first, first + WINDOW - 1, 'WITHSCORES')
  if #window == 0 then return {'none', 'no-worker'} end
  first = first + #window / 2
  for i = 1, #window, 2 do
    local name = window[i]
    if not isLive(name) then
      redis.call('ZREM', prefix .. 'load:' .. voice, name)
      first = first - 1
    elseif not isExcluded[name] then
      if tonumber(window[i + 1]) >= 1 then return {'none', 'worker-at-capacity'} end
      return grant(name)
    end
  end
end
`;

/** Answers gone or stale for a lease that is not the caller's any more. ARGV: request id, fencing token. */
const OWN_LEASE = `
sweepLeases()
local requestId = ARGV[1]
local token = redis.call('HGET', prefix .. 'l:' .. requestId, 'tok')
if not token then return {'gone'} end
if token ~= ARGV[2] then return {'stale'} end
`;

/** ARGV: request id, fencing token, ttlMs. → ok | gone | stale */
const RENEW = `${OWN_LEASE}
redis.call('ZADD', prefix .. 'lx', integer(nowMs + tonumber(ARGV[3])), requestId)
return {'ok'}
`;

/** ARGV: request id, fencing token. → ok | gone | stale */
const RELEASE = `${OWN_LEASE}
local name = dropLease(requestId)
if name then refreshLoad(name) end
return {'ok'}
`;

/**
 * ARGV: name after which to go on ("" for the first page), page size.
 * → nowMs, last name looked at ("" when that was the end), then per worker: name, gen, cap, in use, state, beat, expiry, info, stats
 */
const LIST = `
sweepLeases()
local after = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local names = redis.call('ZRANGEBYLEX', prefix .. 'names', after, '+', 'LIMIT', 0, ARGV[2])
local last = #names == tonumber(ARGV[2]) and names[#names] or ''
local reply = {integer(nowMs), last}
for _, name in ipairs(names) do
  local record = redis.call('HMGET', prefix .. 'w:' .. name, 'gen', 'cap', 'state', 'beat', 'info', 'stats')
  if record[1] then
    local inUse = redis.call('SCARD', prefix .. 'wl:' .. name)
    local expiry = redis.call('ZSCORE', prefix .. 'exp', name) or '0'
    reply[#reply + 1] = {name, record[1], record[2], integer(inUse), record[3], record[4], expiry, record[5], record[6] or ''}
  end
end
return reply
`;

const bodies = {
  parleyRegister: REGISTER,
  parleyBeat: BEAT,
  parleyUnregister: UNREGISTER,
  parleySetState: SET_STATE,
  parleyLease: LEASE,
  parleyRenew: RENEW,
  parleyRelease: RELEASE,
  parleyList: LIST,
} as const;

export type ScriptName = keyof typeof bodies;

/** In the form of ioredis's `scripts` option: sent once as text, then by its SHA1. */
export const registryScripts: Record<string, { lua: string; numberOfKeys: number }> = Object.fromEntries(
  Object.entries(bodies).map(([name, body]) => [name, { lua: PRELUDE + body, numberOfKeys: 1 }]),
);
