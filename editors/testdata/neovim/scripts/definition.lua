return function(run)
  run.open('ups_20020001_20020011.rss')
  local source = vim.fn.bufnr()
  run.to('KSidPhone')
  vim.lsp.buf.definition()
  run.wait('a jump', function() return vim.fn.bufnr() ~= source end)
  local there = vim.fn.expand('%:t') .. ':' .. vim.fn.line('.') .. ' ' .. vim.fn.getline('.')
  local used = vim.tbl_map(function(l)
    return vim.fn.fnamemodify(vim.uri_to_fname(l.uri), ':t') .. ':' .. (l.range.start.line + 1)
  end, run.ask('textDocument/references', { context = { includeDeclaration = true } }))
  table.sort(used)
  return { definition = there, references = used }
end
