-- Writes the syntax groups of ups_0.rss, ups_1.rss, … as JSON, for the Go tests:
-- {"spans": [[line, start, end, "group"], …], "took": milliseconds}, lines and
-- columns from 0, columns in characters. A group within a string or a character
-- counts as it.
local inside = { upspolicyString = true, upspolicyCharacter = true }

local names = setmetatable({}, {
  __index = function(known, id)
    known[id] = vim.fn.synIDattr(id, 'name')
    return known[id]
  end,
})

local function group(line, byte)
  local name = ''
  for _, id in ipairs(vim.fn.synstack(line, byte)) do
    name = names[id]
    if inside[name] then
      break
    end
  end
  return name
end

-- spans_of_line adds the spans of a line, which follow each other.
local function spans_of_line(out, number, text)
  local column, last = 0, nil
  for byte = 1, #text do
    local code = text:byte(byte)
    if code < 0x80 or code >= 0xc0 then -- the first byte of a character
      local name = group(number, byte)
      if last and last[4] == name then
        last[3] = column + 1
      else
        last = { number - 1, column, column + 1, name }
        table.insert(out, last)
      end
      column = column + 1
    end
  end
end

local function spans(buffer)
  local out = {}
  for number, text in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    spans_of_line(out, number, text)
  end
  return out
end

local function main()
  for i = 0, tonumber(os.getenv('COUNT')) - 1 do
    local begun = vim.loop.hrtime()
    vim.cmd('edit ups_' .. i .. '.rss')
    assert(vim.bo.filetype == 'upspolicy', 'file type ' .. vim.bo.filetype)
    local answer = { spans = spans(0), took = (vim.loop.hrtime() - begun) / 1e6 }
    vim.fn.writefile({ vim.fn.json_encode(answer) }, i .. '.json')
    vim.cmd('bwipeout!')
  end
end

main()
