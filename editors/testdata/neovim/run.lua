-- Runs one script of the tests in Neovim, with the settings of docs/editors.md, and
-- writes what it returns as JSON to result.json. A script gets the functions below.
local run = {}

local patience = 20000 -- ms; the machine may be busy

-- wait waits until a function returns something, and returns it.
function run.wait(what, f)
  local value
  local done = vim.wait(patience, function()
    value = f()
    return value
  end, 10)
  assert(done, 'waited in vain for ' .. what)
  return value
end

-- open shows a file, and waits until the server has it.
function run.open(name)
  vim.cmd('edit ' .. name)
  run.wait('the server', function() return next(vim.lsp.buf_get_clients(0)) end)
end

-- to puts the cursor on the first text that matches a pattern of Vim.
function run.to(pattern)
  vim.fn.cursor(1, 1)
  assert(vim.fn.search(pattern, 'cW') > 0, pattern .. ' is not in the text')
end

-- replace replaces the first text that matches, as typing does.
function run.replace(pattern, by)
  run.to(pattern)
  local line = vim.fn.line('.')
  local new = vim.fn.substitute(vim.fn.getline(line), pattern, by, '')
  vim.api.nvim_buf_set_lines(0, line - 1, line, false, vim.split(new, '\n'))
end

-- diagnostics waits until those of the buffer satisfy a function, and returns them
-- as "line:column severity code message", with - for no code.
function run.diagnostics(what, f)
  local function found()
    return vim.tbl_map(function(d)
      local severity = vim.diagnostic.severity[d.severity]
      local code = vim.tbl_get(d, 'user_data', 'lsp', 'code') or '-'
      return ('%d:%d %s %s %s'):format(d.lnum + 1, d.col + 1, severity, code, vim.split(d.message, '\n')[1])
    end, vim.diagnostic.get(0))
  end
  return run.wait(what, function()
    local all = found()
    return f(all) and all
  end)
end

-- ask returns the server's answer to a request about the place of the cursor.
function run.ask(method, more)
  local params = vim.tbl_extend('force', vim.lsp.util.make_position_params(0, 'utf-16'), more or {})
  local answers, err = vim.lsp.buf_request_sync(0, method, params, patience)
  assert(answers, err)
  local _, answer = next(answers)
  assert(answer and not answer.error, vim.inspect(answer))
  return answer.result
end

-- choose makes the menu of code actions take the first whose title matches a
-- pattern of Lua, and shows the menu.
function run.choose(pattern)
  local seen
  vim.ui.select = function(items, options, take)
    seen = vim.tbl_map(options.format_item, items)
    for i, title in ipairs(seen) do
      if title:match(pattern) then
        return take(items[i], i)
      end
    end
    take(nil)
  end
  vim.lsp.buf.code_action()
  return run.wait('the menu of actions', function() return seen end)
end

-- changed waits until the text of the buffer is another.
function run.changed(before)
  return run.wait('a change of the text', function()
    local now = run.text()
    return now ~= before and now
  end)
end

function run.text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n' end

dofile('settings.lua')
local ok, result = xpcall(function() return dofile(os.getenv('SCRIPT'))(run) end, debug.traceback)
vim.fn.writefile({ vim.fn.json_encode(ok and { result = result } or { failed = result }) }, 'result.json')
