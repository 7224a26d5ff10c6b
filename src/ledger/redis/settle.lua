-- Settles everything, or nothing: every check comes before the first write.
--
-- KEYS: epoch, proof, attempt, taint, then the approvals, then the budgets.
-- ARGV: server ('' to ask it), now as the client takes it, and what is settled, packed, as each
-- argument by itself costs time: call, content, decision, what is known and said of taint, skew,
-- proof's age and life, attempt's life, token's age, number of approvals; of each approval its age
-- and life (0: over, -1: the same as one before); of each budget its shape, the length of its
-- windows, amount and room, each of 19 digits, and its life (0: over, -1: for ever).
-- All times are milliseconds. An age is how long ago something was made.
local sub, match, format, floor = string.sub, string.match, string.format, math.floor
local call, read = redis.call, struct.unpack

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

local entries = call('MGET', unpack(KEYS))
local server, epoch = ARGV[1], entries[1]
if server == '' then
  local info = call('INFO', 'server', 'replication')
  local _, run = string.find(info, 'run_id:', 1, true)
  local _, before = string.find(info, 'master_replid2:', run, true)
  server = sub(info, run + 1, run + 40) .. sub(info, before + 1, before + 40)
end
local time = call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)
if not epoch or sub(epoch, 1, 80) ~= server then
  return 'O' .. now
end
-- Names the epoch.
local number = sub(epoch, 81, 88)
local proofs, dues, window = read('>ddd', epoch, 89)

local settlement = ARGV[3]
local this, content, decision, taint, skew, age, life, kept, token_age, approvals, at =
  read('>c16c16c16c2dddddd', settlement)

-- What waited on its way is not younger for that.
local seen = math.min(now, tonumber(ARGV[2]))
local stamp = now .. ''
local since = dues > 0 and dues + skew or 0
local token = seen - token_age

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
  if entries[2] == this and again and sub(attempt, 2, 17) == content then
    return (sub(attempt, 18, 33) == decision and 'F' or 'A')
      .. now .. ' ' .. sub(attempt, 18)
  end
  return 'P' .. now
end
if again and sub(attempt, 2, 17) ~= content then
  return 'C' .. now
end

local used, spent, ends = {}, {}, {}
if not again then
  -- Whether a task of before the epoch was tainted may be forgotten.
  if sub(taint, 1, 1) == 'c' and (entries[4] or token <= since) then
    return 'T' .. now
  end
  for i = 1, approvals do
    local made, left
    made, left, at = read('>dd', settlement, at)
    if left == 0 then
      return 'E' .. now .. ' ' .. i
    end
    if seen - made <= since then
      return 'R' .. now .. ' a ' .. i .. ' ' .. since
    end
    if entries[4 + i] or left < 0 then
      return 'U' .. now .. ' ' .. i
    end
    used[i] = now + left
  end
  for i = 1, #KEYS - 4 - approvals do
    local shape, length, amount, room, left
    shape, length, amount, room, left, at = read('>Bc0dc19c19d', settlement, at)
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
    local sum = add(counted, amount, room)
    if not sum then
      return 'B' .. now .. ' ' .. i .. ' ' .. counted
    end
    if left == 0 then
      return 'R' .. now .. ' b ' .. i .. ' ' .. now
    end
    local over = left > 0 and left < 1e13 and now + left
    if length > 0 then
      over = math.min(over or 1e16, (current + 1) * length * 1000)
    end
    spent[i] = sum .. tail
    ends[i] = over and over < 1e16 and over
  end
end

if life > window then
  window = life
  call('SET', KEYS[1], sub(epoch, 1, 88) .. struct.pack('>ddd', proofs, dues, window)
    .. sub(epoch, 113))
end
-- With `PX`, the server would write each command anew.
call('SET', KEYS[2], this, 'PXAT', now + window - age + skew)
if sub(taint, 2, 2) == 'm' then
  call('SET', KEYS[4], '')
end
if again then
  return 'A' .. now .. ' ' .. sub(attempt, 18)
end
call('SET', KEYS[3], 's' .. content .. decision .. stamp, 'PXAT', now + kept)
for i = 1, approvals do
  call('SET', KEYS[4 + i], '', 'PXAT', used[i])
end
for i = 1, #spent do
  if ends[i] then
    call('SET', KEYS[4 + approvals + i], spent[i], 'PXAT', ends[i])
  else
    call('SET', KEYS[4 + approvals + i], spent[i])
  end
end
return 'F' .. stamp
