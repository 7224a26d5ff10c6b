-- Posts a stop ticket, for as long as there is a task to stop.
--
-- KEYS: head, the tickets by their ends, the tickets in the order of their arrival.
-- ARGV: the ticket, when its task ends, the most tickets, how long one is kept after its end. Times
-- are milliseconds. A head is: the name of the order, and how many arrived.
local ticket, ends = ARGV[1], ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('ZSCORE', KEYS[2], ticket) then
  return 'A'
end
local over = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[4], 'LIMIT', 0, 100)
if #over > 0 then
  redis.call('ZREM', KEYS[2], unpack(over))
  redis.call('ZREM', KEYS[3], unpack(over))
end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) then
  return 'F'
end
-- Another server, or one that started again, may have lost what arrived last: it begins another
-- order, so that whoever counts reads all.
local info = redis.call('INFO', 'server', 'replication')
local _, run = string.find(info, 'run_id:', 1, true)
local _, promoted = string.find(info, 'master_replid2:', run, true)
local name = redis.sha1hex(string.sub(info, run + 1, run + 40)
  .. string.sub(info, promoted + 1, promoted + 40))
local head = redis.call('GET', KEYS[1])
local count
if head then
  count = tonumber(string.match(head, '^%x+ (%d+)$'))
end
if not count or count > 2 ^ 52 then
  count = redis.call('ZCARD', KEYS[3])
end
count = count + 1
redis.call('ZADD', KEYS[2], ends, ticket)
redis.call('ZADD', KEYS[3], count, ticket)
redis.call('SET', KEYS[1], name .. ' ' .. string.format('%d', count))
return 'K'
