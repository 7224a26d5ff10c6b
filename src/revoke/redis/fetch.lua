-- A list, unless it is known, and the deltas after it.
--
-- KEYS: head, list, deltas.
-- ARGV: the head as it was seen; the most bytes of a list, or 0 without it; the first delta.
local head = redis.call('GET', KEYS[1])
if head ~= ARGV[1] then
  return {head}
end
local list = ''
if ARGV[2] ~= '0' then
  list = redis.call('GETRANGE', KEYS[2], 0, ARGV[2])
end
local answer = redis.call('LRANGE', KEYS[3], ARGV[3], -1)
table.insert(answer, 1, list)
table.insert(answer, 1, head)
return answer
