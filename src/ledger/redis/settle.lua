-- Settles everything, or nothing: every check comes before the first write.
--
-- KEYS: epoch, proof, attempt, taint, then the approvals, then the budgets.
-- ARGV: server ('' to ask it), now as the client takes it, call, skew, proof's age and life, content
-- and decision, attempt's life, what is known and said of taint, token's age, number of approvals;
-- of each approval its age and life; of each budget its shape, the length of its windows, amount
-- and room, each of 19 digits, and its life.
-- All times are milliseconds. An age is how long ago something was made.
local sub, match, format, floor = string.sub, string.match, string.format, math.floor

-- The sum of two amounts, unless the first is above `room`. All three are 19 digits: the numbers of
-- Lua are doubles, which hold no more than 15 of them for sure.
local function add(amount, more, room)
  if sub(amount, 1, 4) == '0000' and sub(more, 1, 4) == '0000' then
    if tonumber(amount) > tonumber(room) then
      return nil
    end
    return format('%019d', amount + more)
  end
  local high, low = tonumber(sub(amount, 1, 9)), tonumber(sub(amount, 10))
  local room_high, room_low = tonumber(sub(room, 1, 9)), tonumber(sub(room, 10))
  if high > room_high or high == room_high and low > room_low then
    return nil
  end
  high, low = high + sub(more, 1, 9), low + sub(more, 10)
  if low >= 1e10 then
    high, low = high + 1, low - 1e10
  end
  return format('%09d%010d', high, low)
end

local entries = redis.call('MGET', unpack(KEYS))
local server, epoch = ARGV[1], entries[1]
if server == '' then
  local info = redis.call('INFO', 'server', 'replication')
  local _, run = string.find(info, 'run_id:', 1, true)
  local _, before = string.find(info, 'master_replid2:', run, true)
  server = sub(info, run + 1, run + 40) .. sub(info, before + 1, before + 40)
end
local time = redis.call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)
if not epoch or sub(epoch, 1, 80) ~= server then
  return 'O' .. now
end
-- Names the epoch.
local number = sub(epoch, 81, 88)
local proofs, dues, window = struct.unpack('>ddd', epoch, 89)

-- What waited on its way is not younger for that.
local seen = math.min(now, tonumber(ARGV[2]))
local skew, age, life = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local stamp = now .. ''
local since = dues > 0 and dues + skew or 0
local token = seen - ARGV[10]

-- Claims are kept for the longest life of a proof so far: those from before it grew may be gone.
if window > 0 and life > window then
  proofs = math.max(proofs, now - window - skew)
end
if seen - age <= proofs + skew or life <= age then
  return 'R' .. now .. ' p 0 ' .. proofs + skew
end
local attempt = entries[3]
local again = attempt and sub(attempt, 1, 1) == 's'
if entries[2] then
  -- The answer to an earlier try of this very call was lost.
  if entries[2] == ARGV[3] and again and sub(attempt, 2, 17) == sub(ARGV[7], 1, 16) then
    return (sub(attempt, 18, 33) == sub(ARGV[7], 17, 32) and 'F' or 'A')
      .. now .. ' ' .. sub(attempt, 18)
  end
  return 'P' .. now
end
if again and sub(attempt, 2, 17) ~= sub(ARGV[7], 1, 16) then
  return 'C' .. now
end

local taint = ARGV[9]
local approvals = tonumber(ARGV[11])
local at, spent, lives = 11, {}, {}
if not again then
  -- Whether a task of before the epoch was tainted may be forgotten.
  if sub(taint, 1, 1) == 'c' and (entries[4] or token <= since) then
    return 'T' .. now
  end
  for i = 1, approvals do
    local left = ARGV[at + 2]
    if left == '0' then
      return 'E' .. now .. ' ' .. i
    end
    if seen - ARGV[at + 1] <= since then
      return 'R' .. now .. ' a ' .. i .. ' ' .. since
    end
    if entries[4 + i] or left == 'twice' then
      return 'U' .. now .. ' ' .. i
    end
    at = at + 2
  end
  for i = 1, #KEYS - 4 - approvals do
    local shape, length = ARGV[at + 1], tonumber(ARGV[at + 2])
    local entry = entries[4 + approvals + i]
    local current = length > 0 and floor(now / (length * 1000)) or 0
    local tail = number .. current .. ' ' .. shape
    local counted, trusted = '0000000000000000000', since == 0
    if entry then
      if sub(entry, 20) == tail then
        counted, trusted = sub(entry, 1, 19), true
      else
        local during, kind = match(entry, '^(%d+) (.*)$', 28)
        during = tonumber(during)
        if kind ~= shape then
          return 'S' .. now .. ' ' .. i
        end
        -- The clock was set back.
        if during > current then
          return 'R' .. now .. ' b ' .. i .. ' ' .. now
        end
        -- An entry of before the epoch may lack what was spent last.
        if during == current then
          counted = sub(entry, 1, 19)
        end
      end
    end
    if not trusted and token <= since
      and not (length > 0 and current * length > floor(since / 1000)) then
      return 'R' .. now .. ' b ' .. i .. ' ' .. since
    end
    local sum = add(counted, ARGV[at + 3], ARGV[at + 4])
    if not sum then
      return 'B' .. now .. ' ' .. i .. ' ' .. counted
    end
    local left = tonumber(ARGV[at + 5])
    if left and left <= 0 then
      return 'R' .. now .. ' b ' .. i .. ' ' .. now
    end
    if length > 0 then
      left = math.min(left or 1e13, (current + 1) * length * 1000 - now)
    end
    spent[i] = sum .. tail
    lives[i] = left and left < 1e13 and left
    at = at + 5
  end
end

if life > window then
  window = life
  redis.call('SET', KEYS[1], sub(epoch, 1, 88) .. struct.pack('>ddd', proofs, dues, window)
    .. sub(epoch, 113))
end
redis.call('SET', KEYS[2], ARGV[3], 'PX', window - age + skew)
if sub(taint, 2, 2) == 'm' then
  redis.call('SET', KEYS[4], '')
end
if again then
  return 'A' .. now .. ' ' .. sub(attempt, 18)
end
redis.call('SET', KEYS[3], 's' .. ARGV[7] .. stamp, 'PX', ARGV[8])
for i = 1, approvals do
  redis.call('SET', KEYS[4 + i], '', 'PX', ARGV[11 + 2 * i])
end
for i = 1, #spent do
  if lives[i] then
    redis.call('SET', KEYS[4 + approvals + i], spent[i], 'PX', lives[i])
  else
    redis.call('SET', KEYS[4 + approvals + i], spent[i])
  end
end
return 'F' .. stamp
