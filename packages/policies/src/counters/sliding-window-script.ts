import { script } from '../redis/script.ts';

/**
 * A sliding window in a sorted set, exact: a member is a millisecond in which something was counted (its score), with the
 * sum of everything counted until then (`score:sum`). The sum of any window is a subtraction of two sums. One member with
 * the score -1 keeps the longest period that was asked for (`retention:ms`); what is older goes, but for the newest such
 * member, whose sum is what was forgotten. Time is Redis's, so that gateways need no equal clocks, unless a test gives it.
 *
 * Arguments: mode `take` or `add`, limit, period, amount, time or an empty text. Gives allowed, remaining, retryAfterMs.
 */
export const slidingWindowScript = script(`
local key = KEYS[1]
local mode, limit, period, amount = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local now = tonumber(ARGV[5])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function sum_of(member)
  return tonumber(string.match(member, ':(.*)$'))
end
local function number_text(value)
  return string.format('%.0f', value)
end

local retention = period
local head = redis.call('ZRANGE', key, 0, 0)[1]
if head then
  local known = sum_of(head)
  if known >= period then
    retention = known
  else
    redis.call('ZREM', key, head)
    head = nil
  end
end
if not head then
  redis.call('ZADD', key, -1, 'retention:' .. number_text(retention))
end

local count = redis.call('ZCARD', key) - 1
local stale = redis.call('ZCOUNT', key, 0, number_text(now - retention))
if stale == count then
  if count > 0 then redis.call('ZREMRANGEBYRANK', key, 1, -1) end
  count = 0
elseif stale > 1 then
  redis.call('ZREMRANGEBYRANK', key, 1, stale - 1)
  count = count - stale + 1
end

local total, last = 0, nil
if count > 0 then
  local newest = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')
  total = sum_of(newest[1])
  last = { member = newest[1], time = tonumber(newest[2]) }
end

local function sum_before(instant)
  if count == 0 or instant < 0 then return 0 end
  local member = redis.call('ZREVRANGEBYSCORE', key, number_text(instant), 0, 'LIMIT', 0, 1)[1]
  return member and sum_of(member) or 0
end

local function record()
  if amount ~= 0 then
    total = total + amount
    local at = now
    if last and now <= last.time then
      -- A clock that was set back must not break the order.
      redis.call('ZREM', key, last.member)
      at = last.time
    else
      count = count + 1
    end
    local member = number_text(at) .. ':' .. number_text(total)
    redis.call('ZADD', key, number_text(at), member)
  end
  redis.call('PEXPIRE', key, number_text(retention + 1000))
end

local function wait_for(wanted)
  local may_stay = limit - wanted
  if may_stay < 0 then return period end
  -- The first member after whose leaving the rest is small enough.
  local low, high = 1, count
  while low < high do
    local middle = math.floor((low + high) / 2)
    if total - sum_of(redis.call('ZRANGE', key, middle, middle)[1]) <= may_stay then
      high = middle
    else
      low = middle + 1
    end
  end
  local found = redis.call('ZRANGE', key, low, low, 'WITHSCORES')
  if not found[2] then return 0 end
  return math.max(1, tonumber(found[2]) + period - now)
end

if mode == 'add' then
  record()
  return { 1, 0, 0 }
end

local used = total - sum_before(now - period)
local wanted = math.max(amount, 1)
if used + wanted > limit then
  redis.call('PEXPIRE', key, number_text(retention + 1000))
  return { 0, math.max(0, limit - used), wait_for(wanted) }
end
record()
local remaining = limit - used - amount
return { 1, remaining, remaining > 0 and 0 or wait_for(1) }
`);
