"""What must happen in Redis at once or not at all, in Lua.

Each may run twice where an answer was lost on the way: a task is known by its id, a lease by its holder. The command
that needs room comes first, so that a full Redis refuses the whole.
"""

NOW = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"

PUSH = """
local new = 0
for i = 1, #ARGV, 3 do
    if redis.call('SADD', KEYS[3], ARGV[i]) == 1 then
        redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 2])
        redis.call('ZADD', KEYS[1], redis.call('SCARD', KEYS[3]) - ARGV[i + 1] * 1e10, ARGV[i])
        new = new + 1
    end
end
return new
"""
"""queue, tasks, met; id, priority and request of each. How many this crawl had not met."""

TAKE = f"""{NOW}
local told = redis.call('HGET', KEYS[6], ARGV[1])
local run = told and cjson.decode(told)
if not run or run.id ~= ARGV[2] then return {{'gone'}} end
if run.version ~= ARGV[3] then return {{'version', run.version}} end
if run.state ~= 'open' then return {{run.state}} end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
    redis.call('HINCRBY', KEYS[7], id, 1)
    redis.call('ZADD', KEYS[1], -1e15, id)
    redis.call('ZREM', KEYS[3], id)
    redis.call('HDEL', KEYS[4], id)
end
if redis.call('XLEN', KEYS[5]) >= run.ahead then return {{'full'}} end
local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if not first then return {{'empty'}} end
redis.call('ZADD', KEYS[3], now + ARGV[5], first)
redis.call('HSET', KEYS[4], first, ARGV[4])
redis.call('ZREM', KEYS[1], first)
return {{'task', first, redis.call('HGET', KEYS[2], first), tonumber(redis.call('HGET', KEYS[7], first) or 0)}}
"""
"""queue, tasks, leases, holders, results, runs, tries; source, crawl, version, worker, lease in ms.

What a worker held that let its lease run out comes first."""

RENEW = f"""{NOW}
for i = 5, #ARGV do
    if redis.call('HGET', KEYS[2], ARGV[i]) == ARGV[1] then
        redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[i])
    end
end
local told = redis.call('HGET', KEYS[3], ARGV[3])
local run = told and cjson.decode(told)
return run and run.id == ARGV[4] and run.state or 'gone'
"""
"""leases, holders, runs; worker, lease in ms, source, crawl, ids. The crawl's state."""

DONE = """
if redis.call('HGET', KEYS[3], ARGV[2]) ~= ARGV[1] then return 0 end
redis.call('XADD', KEYS[1], '*', 'version', ARGV[3], 'task', ARGV[2], 'unit', ARGV[4])
redis.call('ZREM', KEYS[2], ARGV[2])
for i = 3, 5 do redis.call('HDEL', KEYS[i], ARGV[2]) end
return 1
"""
"""results, leases, holders, tasks, tries; worker, id, version, unit. 0 where another holds the task, or has done it."""

GIVE_BACK = """
if redis.call('HGET', KEYS[3], ARGV[2]) ~= ARGV[1] then return 0 end
local told = redis.call('HGET', KEYS[5], ARGV[3])
if told and cjson.decode(told).state == 'open' then redis.call('ZADD', KEYS[1], -1e15, ARGV[2])
else redis.call('HDEL', KEYS[4], ARGV[2]) end
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('HDEL', KEYS[3], ARGV[2])
return 1
"""
"""queue, leases, holders, tasks, runs; worker, id, source."""

LEFT = f"""{NOW}
local told = redis.call('HGET', KEYS[6], ARGV[2])
if not told or cjson.decode(told).id ~= ARGV[3] then return -1 end
if ARGV[1] == 'ending' then
    for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do redis.call('HDEL', KEYS[2], id) end
    redis.call('DEL', KEYS[1])
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
        redis.call('HDEL', KEYS[2], id)
        redis.call('HDEL', KEYS[4], id)
        redis.call('ZREM', KEYS[3], id)
    end
end
return redis.call('HLEN', KEYS[2]) + redis.call('XLEN', KEYS[5])
"""
"""queue, tasks, leases, holders, results, runs; the run's state, source, crawl.

How much is left to do, -1 where the Redis no longer knows the crawl; an ending run's queue is let go."""

ACKNOWLEDGE = """
for i = 2, #ARGV do
    redis.call('XACK', KEYS[1], ARGV[1], ARGV[i])
    redis.call('XDEL', KEYS[1], ARGV[i])
end
"""
"""results; group, entries. Both, or an entry that is acknowledged stays there for good."""

WANT = """
local told = redis.call('HGET', KEYS[2], ARGV[1])
if told and cjson.decode(told).state ~= 'ended' then return told end
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
return redis.call('HGET', KEYS[1], ARGV[1])
"""
"""wanted, runs; source, wish. The crawl that is under way or wanted already, else this one."""

LOCK = """
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return held end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
"""
"""the collector's key; its name, ms. Who has it now."""

TURN = f"""{NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 10 end
local wait = tonumber(redis.call('GET', KEYS[2]) or 0) - now
if wait > 0 then return wait end
redis.call('ZADD', KEYS[1], now + ARGV[4], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
if tonumber(ARGV[2]) > 0 then redis.call('SET', KEYS[2], now + ARGV[2], 'PX', ARGV[2]) end
return 0
"""
"""slot, next; token, delay in ms, how many at once, longest in ms. How long to wait before asking again, 0: go."""

LEAVE = f"""{NOW}
redis.call('ZREM', KEYS[1], ARGV[1])
local hold, free = tonumber(ARGV[2]), tonumber(redis.call('GET', KEYS[2]) or 0)
if hold > 0 and now + hold > free then redis.call('SET', KEYS[2], now + hold, 'PX', hold) end
return 0
"""
"""slot, next; token, for how many ms the host is to be let alone now."""
