-- Publishes a list or a delta: the number never goes down.
--
-- KEYS: head, list, deltas.
-- ARGV: the number before if it is a delta, or ''; number; when issued; the bytes; the most deltas;
-- a head that is known to lie, or ''.
-- Numbers and times have 20 digits. A head is: the list's number, that after its deltas, and when the
-- last of them was issued.
local before, number, issued, bytes = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local head = redis.call('GET', KEYS[1])
local base, last, since
if head and head ~= ARGV[6] then
  base, last, since = string.match(head, '^(%d+) (%d+) (%d+)$')
  if not last or #head ~= 62 then
    -- What nobody can read is written over by a list.
    base, last, since = nil, nil, nil
  end
end
if last and number < last then
  return 'R' .. head
end
if before == '' then
  if number == last and issued < since then
    return 'R' .. head
  end
  redis.call('SET', KEYS[2], bytes)
  redis.call('DEL', KEYS[3])
  redis.call('SET', KEYS[1], number .. ' ' .. number .. ' ' .. issued)
  return 'K'
end
if number == last then
  if redis.call('LINDEX', KEYS[3], -1) == bytes then
    return 'K'
  end
  return 'R' .. head
end
if last ~= before then
  return 'G' .. (last or '')
end
if redis.call('LLEN', KEYS[3]) >= tonumber(ARGV[5]) then
  return 'F'
end
redis.call('RPUSH', KEYS[3], bytes)
redis.call('SET', KEYS[1], base .. ' ' .. number .. ' ' .. issued)
return 'K'
