return function(run)
  run.open('ups_20020001_20020011.rss')
  local function hover(pattern)
    run.to(pattern)
    vim.lsp.buf.hover()
    local window = run.wait('a window', function()
      for _, w in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(w).relative ~= '' then
          return w
        end
      end
    end)
    local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
    vim.api.nvim_win_close(window, true)
    return table.concat(lines, '\n')
  end
  return {
    field = hover('authorisationpolicy'),
    constant = hover('KSessionYes'),
    sid = hover('KSidPhone'),
    policy = hover('POLICY\\n'),
  }
end
