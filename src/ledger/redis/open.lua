-- Opens a shard for a server process: begins a new epoch unless nothing can have been lost.
--
-- KEYS: epoch.
-- ARGV: server ('' to ask it), '1' if this server loses nothing when it starts again, '1' if what was
-- lost does not matter.
local server = ARGV[1]
if server == '' then
  local info = redis.call('INFO', 'server', 'memory', 'replication')
  local function field(name)
    return string.match(info, '\n' .. name .. ':([^\r\n]*)') or ''
  end
  if (tonumber(string.match(field('redis_version'), '^%d+')) or 0) < 7 then
    return 'V' .. field('redis_version')
  end
  if field('maxmemory_policy') ~= 'noeviction' then
    return 'E' .. field('maxmemory_policy')
  end
  server = field('run_id') .. field('master_replid2')
  if #server ~= 80 then
    return 'V' .. field('redis_version')
  end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- 80 bytes name the server; then come four doubles, and whether it loses nothing.
local before = redis.call('GET', KEYS[1])
local number, proofs, dues, window, kept
if before and #before == 113 then
  number, proofs, dues, window = struct.unpack('>dddd', before, 81)
  kept = string.sub(before, 113)
end
if not number then
  number, proofs, dues, window, kept = now, now, now, 0, ARGV[2]
elseif string.sub(before, 1, 80) == server then
  kept = ARGV[2] == '1' and kept or '0'
elseif ARGV[2] ~= '1' or kept ~= '1' then
  number = math.max(now, number + 1)
  proofs, dues, window, kept = now, now, 0, ARGV[2]
end
if ARGV[3] == '1' then
  dues = 0
end
local after = server .. struct.pack('>dddd', number, proofs, dues, window) .. kept
if after ~= before then
  redis.call('SET', KEYS[1], after)
end
return 'T' .. now
