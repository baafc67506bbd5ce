import { PRELUDE } from "./script-prelude";

/** The registry's operations as Lua: each is one atomic step of the Redis server. Keys and clock: script-prelude. */

/**
 * ARGV: name, nonce, capacity, ttlMs, info (JSON), voices (JSON array), state.
 * → registered, generation, nowMs | taken, info of the holder, ms until its heartbeat is overdue
 */
const REGISTER = `
local name, nonce, ttlMs = ARGV[1], ARGV[2], tonumber(ARGV[4])
local key = prefix .. 'w:' .. name
local held = fields(key, 'nonce', 'gen', 'info', 'cap', 'state', 'voices')
local generation = held[2]
local isSound = whole(generation) and whole(held[4]) and isState(held[5]) and #voicesIn(held[6]) == #voicesIn(ARGV[6])
local isSameStart = isSound and held[1] == nonce and held[3] == ARGV[5]
if not isSameStart then
  if held[1] and held[1] ~= nonce and isLive(name) then
    return {'taken', held[3], integer(redis.call('ZSCORE', prefix .. 'exp', name) - nowMs)}
  end
  dropWorker(name)
  generation = nextToken()
  redis.call('HSET', key, 'nonce', nonce, 'gen', generation, 'cap', ARGV[3], 'state', ARGV[7], 'info', ARGV[5], 'voices', ARGV[6])
end
keepAlive(name, ttlMs)
if not isSameStart then changed(name) end
return {'registered', generation, integer(nowMs)}
`;

/** ARGV: name, generation, ttlMs, stats (JSON). → ok, desired state, nowMs | unknown | stale */
const BEAT = `
local name = ARGV[1]
local record = fields(prefix .. 'w:' .. name, 'gen', 'state', 'stats')
if not whole(record[1]) or not isState(record[2]) then return {'unknown'} end
if record[1] ~= ARGV[2] then return {'stale'} end
if record[3] ~= ARGV[4] then
  redis.call('HSET', prefix .. 'w:' .. name, 'stats', ARGV[4])
  changed(name)
end
keepAlive(name, tonumber(ARGV[3]))
return {'ok', record[2], integer(nowMs)}
`;

/** ARGV: name, generation. → ok | unknown | stale */
const UNREGISTER = `
local generation = fields(prefix .. 'w:' .. ARGV[1], 'gen')[1]
if not generation then return {'unknown'} end
if generation ~= ARGV[2] then return {'stale'} end
dropWorker(ARGV[1])
return {'ok'}
`;

/** ARGV: name, state. → ok | unknown */
const SET_STATE = `
if not fields(prefix .. 'w:' .. ARGV[1], 'gen')[1] then return {'unknown'} end
redis.call('HSET', prefix .. 'w:' .. ARGV[1], 'state', ARGV[2])
refreshLoad(ARGV[1])
changed(ARGV[1])
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

local held = fields(prefix .. 'l:' .. requestId, 'worker', 'tok', 'gen', 'ttl')
if held[1] then
  local record = fields(prefix .. 'w:' .. held[1], 'gen', 'info')
  if record[1] == held[3] then return {'granted', held[2], held[3], record[2], held[4], held[1]} end
  dropLease(requestId)
end

local isExcluded = {}
for _, name in ipairs(cjson.decode(ARGV[5])) do isExcluded[name] = true end

local function grant(name)
  local record = fields(prefix .. 'w:' .. name, 'gen', 'info')
  local token = nextToken()
  leaseCount(name)
  redis.call('DEL', prefix .. 'l:' .. requestId)
  redis.call('HSET', prefix .. 'l:' .. requestId, 'worker', name, 'tok', token, 'gen', record[1], 'ttl', ARGV[3])
  redis.call('ZADD', prefix .. 'lx', integer(nowMs + ttlMs), requestId)
  redis.call('SADD', prefix .. 'wl:' .. name, requestId)
  refreshLoad(name)
  changed(name)
  return {'granted', token, record[1], record[2], ARGV[3], name}
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
local token = fields(prefix .. 'l:' .. requestId, 'tok')[1]
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

/** The row of a worker: name, gen, cap, in use, state, beat, expiry, info, stats. Nothing when there is none, the name alone when it is no record. */
const ROW = `
local function row(name)
  local record = redis.pcall('HMGET', prefix .. 'w:' .. name, 'gen', 'cap', 'state', 'beat', 'info', 'stats')
  if record.err then return {name} end
  if not record[1] then return nil end
  local inUse = leaseCount(name)
  local expiry = redis.call('ZSCORE', prefix .. 'exp', name) or '0'
  return {name, record[1], record[2], integer(inUse), record[3], record[4], expiry, record[5], record[6] or ''}
end
`;

/** ARGV: name after which to go on ("" for the first page), page size. → nowMs, last name looked at ("" when that was the end), rows */
const LIST = `${ROW}
sweepLeases()
local after = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local names = redis.call('ZRANGEBYLEX', prefix .. 'names', after, '+', 'LIMIT', 0, ARGV[2])
local last = #names == tonumber(ARGV[2]) and names[#names] or ''
local reply = {integer(nowMs), last}
for _, name in ipairs(names) do reply[#reply + 1] = row(name) end
return reply
`;

/** ARGV: names (JSON array). → nowMs, "", rows of those that there are */
const READ = `${ROW}
local reply = {integer(nowMs), ''}
for _, name in ipairs(cjson.decode(ARGV[1])) do reply[#reply + 1] = row(name) end
return reply
`;

/** → number of the last event, number at which the data began; both 0 when there is no data */
const POSITION = `
return {redis.call('GET', prefix .. 'seq') or '0', redis.call('GET', prefix .. 'born') or '0'}
`;

/**
 * Tells of heartbeats that are overdue, and forgets workers that have been so for ARGV[1] ms, with their leases. Not
 * before it has been called without a longer pause for ARGV[2] ms: after a restart of the server, a frozen server, a clock
 * that was set, or a computer that slept, every heartbeat is overdue for a moment.
 * → number of the last event, ms until it may
 */
const REAP = `
local LIMIT = 32
local graceMs = tonumber(ARGV[2])
local reaped = redis.call('HMGET', prefix .. 'reap', 'last', 'from')
local from = tonumber(reaped[2] or '0')
if math.abs(nowMs - tonumber(reaped[1] or '0')) > graceMs / 2 then from = nowMs + graceMs end
redis.call('HSET', prefix .. 'reap', 'last', integer(nowMs), 'from', integer(from))
sweepLeases()
if nowMs >= from then
  local gone = redis.call('ZRANGEBYSCORE', prefix .. 'exp', '-inf', nowMs - tonumber(ARGV[1]), 'LIMIT', 0, LIMIT)
  for _, name in ipairs(gone) do dropWorker(name) end
  local told = 0
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', prefix .. 'exp', '-inf', nowMs)) do
    if told < LIMIT and redis.call('ZADD', prefix .. 'late', 'NX', integer(nowMs), name) == 1 then
      told = told + 1
      changed(name)
    end
  end
end
return {redis.call('GET', prefix .. 'seq') or '0', integer(math.max(0, from - nowMs))}
`;

/**
 * Throws away what cannot be what its key is for, in all keys that are not one worker's or one lease's: heartbeats write
 * them anew. → number of keys
 */
const MEND = `
local count = 0
local function need(key, kind)
  local found = redis.call('TYPE', prefix .. key).ok
  if found ~= 'none' and found ~= kind then count = count + redis.call('DEL', prefix .. key) end
end
for _, key in ipairs({'names', 'exp', 'late', 'lx'}) do need(key, 'zset') end
need('reap', 'hash')
for _, key in ipairs({'tok', 'seq', 'born'}) do
  need(key, 'string')
  local number = redis.call('GET', prefix .. key)
  if number and not whole(number) then count = count + redis.call('DEL', prefix .. key) end
end
for _, name in ipairs(redis.call('ZRANGE', prefix .. 'names', 0, -1)) do
  for _, voice in ipairs(voicesIn(fields(prefix .. 'w:' .. name, 'voices')[1] or nil)) do need('load:' .. voice, 'zset') end
end
return integer(count)
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
  parleyRead: READ,
  parleyPosition: POSITION,
  parleyReap: REAP,
  parleyMend: MEND,
} as const;

export type ScriptName = keyof typeof bodies;

/** In the form of ioredis's `scripts` option: sent once as text, then by its SHA1. */
export const registryScripts: Record<string, { lua: string; numberOfKeys: number }> = Object.fromEntries(
  Object.entries(bodies).map(([name, body]) => [name, { lua: PRELUDE + body, numberOfKeys: 1 }]),
);
