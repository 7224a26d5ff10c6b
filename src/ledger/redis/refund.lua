-- Gives back what an attempt spent, once.
--
-- KEYS: attempt, then the budgets.
-- ARGV: the attempt's entry as it was settled; of each budget its window then, its shape, and the
-- amount as 9 and 10 digits.
local sub = string.sub

local entries = redis.call('MGET', unpack(KEYS))
if entries[1] ~= ARGV[1] then
  return 'N'
end
redis.call('SET', KEYS[1], 'r' .. sub(ARGV[1], 2), 'KEEPTTL')
local given = 'G'
for i = 2, #KEYS do
  local entry, at = entries[i], 4 * i - 7
  if entry then
    local during, kind = string.match(entry, '^(%d+) (.*)$', 28)
    if during == ARGV[at + 1] and kind == ARGV[at + 2] then
      local high, low = tonumber(sub(entry, 1, 9)), tonumber(sub(entry, 10, 19))
      local back_high, back_low = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
      if back_high > high or back_high == high and back_low > low then
        back_high, back_low = high, low
      end
      high, low = high - back_high, low - back_low
      if low < 0 then
        high, low = high - 1, low + 1e10
      end
      redis.call('SET', KEYS[i], string.format('%09d%010d', high, low) .. sub(entry, 20), 'KEEPTTL')
      given = given .. ' ' .. i - 1 .. ' ' .. string.format('%09d%010d', back_high, back_low)
    end
  end
end
return given
