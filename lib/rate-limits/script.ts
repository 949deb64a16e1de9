import type { CalendarDays } from "#lib/rate-limits/calendar-days";
import type { Counter } from "#lib/rate-limits/counter";
import type { CounterReading, StoreRequest, StoreVerdict } from "#lib/rate-limits/limit-store";

/**
 * The one script of the limiter. It makes some decisions, one after another, each of which reads its counters, takes from all of
 * them or from none, and says when each opens.
 *
 * KEYS: the counters of all decisions. ARGV: clock ("" = Redis TIME; tests set it), then one text a decision, with spaces between:
 * mode, cost, and seven words per counter: kind, shadow (0|1), capacity, window ms, and three numbers of its kind. Reply: now, then
 * for each decision: admitted, then five per counter as `CounterReading`. All arithmetic is on integers below 2^53; a bucket counts
 * in fractions of a token that are whole (see `refillOf`). Anything unreadable in a key, or dated further ahead than its window
 * (the clock went back), is forgotten; a clock that went back a little stands still until it has caught up.
 */
export const limitScript = `
local floor, ceil, max, min = math.floor, math.ceil, math.max, math.min
local now, slackMs = tonumber(ARGV[1]), 1000
local mode, cost
if now then
  slackMs = 3600000
else
  local time = redis.call('TIME')
  now = time[1] * 1000 + floor(time[2] / 1000)
end

local function whole(number) return string.format('%.0f', number) end
local function expire(c, ms) redis.call('PEXPIRE', c.key, whole(c.at - now + ms + slackMs)) end

-- A list of the instants of every call in the window, newest first.
local log = {}
local function stamp(c, index) return tonumber(redis.call('LINDEX', c.key, index)) end

local function liveCount(c, length)
  local cutoff = c.at - c.window
  local oldest = stamp(c, -1)
  if oldest and oldest > cutoff then return length end
  local low, high = 0, length
  while low < high do
    local middle = floor((low + high) / 2)
    local at = stamp(c, middle)
    if at and at > cutoff then low = middle + 1 else high = middle end
  end
  return low
end

function log.read(c)
  local length = redis.pcall('LLEN', c.key)
  if type(length) ~= 'number' then c.stale = true return end
  if length == 0 then return end
  local newest = stamp(c, 0)
  if not newest or newest > now + c.window then c.stale = true return end
  c.at = max(now, newest)
  c.newest = newest
  c.used = liveCount(c, length)
  c.stale = c.used == 0
  c.trim = c.used > 0 and c.used < length
end

function log.take(c)
  if c.trim then redis.call('LTRIM', c.key, 0, c.used - 1) end
  local stamps = {}
  for i = 1, cost do stamps[i] = whole(c.at) end
  redis.call('LPUSH', c.key, unpack(stamps))
  expire(c, c.window)
  c.newest = c.at
end

function log.ready(c, need) return (stamp(c, c.capacity - need) or now) + c.window end
function log.full(c) return c.newest + c.window end

-- A hash of counts per slice of the window (p1 ms each), with their total (t), the oldest slice (o) and the last
-- instant (l). A slice counts whole until its end has left the window.
local slices = {}
local function fields(from, to)
  local names = {}
  for slice = from, to do names[#names + 1] = whole(slice) end
  return names
end

function slices.read(c)
  local kept = redis.pcall('HMGET', c.key, 't', 'o', 'l')
  if kept.err then c.stale = true return end
  local total, oldest, last = tonumber(kept[1]), tonumber(kept[2]), tonumber(kept[3])
  if not (total and oldest and last) or last > now + c.window then c.stale = true return end
  c.at = max(now, last)
  c.newest = floor(last / c.p1)
  local first = floor((c.at - c.window) / c.p1)
  if c.newest < first or c.newest - oldest > 61 then c.stale = true return end
  c.first = max(first, oldest)
  if oldest < first then
    c.gone = fields(oldest, first - 1)
    for _, count in ipairs(redis.call('HMGET', c.key, unpack(c.gone))) do total = total - (tonumber(count) or 0) end
  end
  c.used = max(0, total)
end

function slices.take(c)
  if c.gone then redis.call('HDEL', c.key, unpack(c.gone)) end
  c.newest = floor(c.at / c.p1)
  c.first = c.first or c.newest
  redis.call('HINCRBY', c.key, whole(c.newest), cost)
  redis.call('HSET', c.key, 't', whole(c.used + cost), 'o', whole(c.first), 'l', whole(c.at))
  expire(c, c.window + c.p1)
end

function slices.ready(c, need)
  local excess = c.used + need - c.capacity
  for i, count in ipairs(redis.call('HMGET', c.key, unpack(fields(c.first, c.newest)))) do
    excess = excess - (tonumber(count) or 0)
    if excess <= 0 then return (c.first + i) * c.p1 + c.window end
  end
  return slices.full(c)
end

function slices.full(c) return (c.newest + 1) * c.p1 + c.window end

-- The end of the running window and its count, as "<end> <count>". p1..p3 are the edges of local days around now.
local fixed = {}
function fixed.read(c)
  local kept = redis.pcall('GET', c.key)
  local ends, count = string.match(type(kept) == 'string' and kept or '', '^(%d+) (%d+)$')
  ends = tonumber(ends)
  if ends and ends > now and ends <= now + 2 * c.window then
    c.ends, c.used = ends, tonumber(count)
    return
  end
  if c.p1 == 0 then c.ends = now - now % c.window + c.window
  elseif now < c.p1 then c.ends = c.p1 - c.window * floor((c.p1 - 1 - now) / c.window)
  elseif now < c.p2 then c.ends = c.p2
  elseif now < c.p3 then c.ends = c.p3
  else c.ends = c.p3 + c.window * (floor((now - c.p3) / c.window) + 1) end
end

function fixed.take(c)
  redis.call('SET', c.key, whole(c.ends) .. ' ' .. whole(c.used + cost), 'PX', whole(c.ends - now + slackMs))
end

function fixed.ready(c) return c.ends end
fixed.full = fixed.ready

-- "<level> <instant>": the level in units, p1 of which arrive each ms and p2 of which make a token.
local bucket = {}
function bucket.read(c)
  local size = c.capacity * c.p2
  local fillMs = ceil(size / c.p1)
  local kept = redis.pcall('GET', c.key)
  local level, at = string.match(type(kept) == 'string' and kept or '', '^(%d+) (%d+)$')
  level, at = tonumber(level), tonumber(at)
  c.level = size
  if level and at <= now + fillMs then
    c.at = max(now, at)
    level = min(level, size)
    if c.at - at < ceil((size - level) / c.p1) then c.level = level + (c.at - at) * c.p1 end
  end
  c.used = c.capacity - floor(c.level / c.p2)
end

function bucket.take(c)
  c.level = c.level - cost * c.p2
  local fullMs = ceil((c.capacity * c.p2 - c.level) / c.p1) + c.at - now
  redis.call('SET', c.key, whole(c.level) .. ' ' .. whole(c.at), 'PX', whole(fullMs + slackMs))
end

function bucket.ready(c, need) return c.at + ceil((need * c.p2 - c.level) / c.p1) end
function bucket.full(c) return c.at + ceil((c.capacity * c.p2 - c.level) / c.p1) end

local kinds = { log = log, slices = slices, fixed = fixed, bucket = bucket }
local reply, nextKey = { now }, 1
local function answer(number) reply[#reply + 1] = number end

local function ready(c, need)
  if need > c.capacity then return now + c.window end
  if c.used + need <= c.capacity then return now end
  return c.kind.ready(c, need)
end

local function readAll(text)
  local counters, admitted = {}, true
  for kind, shadow, capacity, window, p1, p2, p3 in string.gmatch(text, '(%a+) (%d) (%S+) (%S+) (%S+) (%S+) (%S+)') do
    local c = {
      key = KEYS[nextKey], kind = kinds[kind], shadow = shadow == '1', at = now, used = 0,
      capacity = tonumber(capacity), window = tonumber(window), p1 = tonumber(p1), p2 = tonumber(p2), p3 = tonumber(p3)
    }
    nextKey = nextKey + 1
    c.kind.read(c)
    c.open = c.used + cost <= c.capacity
    if not c.open and not c.shadow then admitted = false end
    counters[#counters + 1] = c
  end
  return counters, admitted
end

local function settle(c, admitted)
  if mode == 'take' and admitted and c.open then
    if c.stale then redis.call('DEL', c.key) end
    c.kind.take(c)
    c.used = c.used + cost
  end
  local reset
  if c.kind == fixed then reset = c.ends
  elseif c.used >= c.capacity then reset = ready(c, 1)
  elseif c.used == 0 and c.kind ~= bucket then reset = now
  else reset = c.kind.full(c) end
  answer(c.open and 1 or 0)
  answer(c.capacity)
  answer(c.used)
  answer(c.open and now or ready(c, cost))
  answer(reset)
end

for decision = 2, #ARGV do
  local text
  mode, cost, text = string.match(ARGV[decision], '^(%a+) (%d+) (.*)$')
  cost = tonumber(cost)
  local counters, admitted = readAll(text)
  answer(admitted and 1 or 0)
  for _, c in ipairs(counters) do settle(c, admitted) end
end
return reply
`;

const integersPerReading = 5;

/** The text of a decision. Day edges, where a counter has them, are found from `localMs`. */
export function decisionText({ mode, cost, counters }: StoreRequest, days: CalendarDays, localMs: number): string {
  return `${mode} ${cost} ${counters.map((counter) => counterText(counter, days, localMs)).join(" ")}`;
}

function counterText(counter: Counter, days: CalendarDays, localMs: number): string {
  const shape = shapeOf(counter, days, localMs).join(" ");
  return `${counter.kind} ${counter.isShadow ? 1 : 0} ${counter.capacity} ${counter.windowMs} ${shape}`;
}

function shapeOf(counter: Counter, days: CalendarDays, localMs: number): readonly [number, number, number] {
  if (counter.kind === "slices") return [counter.sliceMs, 0, 0];
  if (counter.kind === "bucket") return [counter.perMs, counter.perToken, 0];
  if (hasDayEdges(counter)) return days.edges(localMs, counter.alignedTo, counter.timezone);
  return [0, 0, 0];
}

/** Whether a counter's text is another one tomorrow. */
export function hasDayEdges(counter: Counter): counter is Counter & { alignedTo: string; timezone: string } {
  return counter.kind === "fixed" && counter.alignedTo !== undefined && counter.timezone !== undefined;
}

/**
 * The script's reply to some decisions, in their order. Throws on anything that is not one, so that a confused connection counts
 * as a failed one.
 */
export function readReply(reply: unknown, requests: readonly StoreRequest[]): StoreVerdict[] {
  const expected = requests.reduce((sum, { counters }) => sum + 1 + counters.length * integersPerReading, 1);
  if (!Array.isArray(reply) || reply.length !== expected) throw unknownForm();
  let at = 0;
  const next = (): number => {
    const integer: unknown = reply[at++];
    if (!Number.isSafeInteger(integer)) throw unknownForm();
    return integer as number;
  };
  const nowMs = next();
  return requests.map(({ counters }) => {
    const isAdmitted = next() === 1;
    const readings = counters.map(
      (): CounterReading => ({
        isOpen: next() === 1,
        capacity: next(),
        used: next(),
        readyAtMs: next(),
        resetAtMs: next(),
      }),
    );
    return { nowMs, isAdmitted, isDegraded: false, readings };
  });
}

const unknownForm = () => new Error("The limit script answered in an unknown form.");
