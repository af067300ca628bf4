-- A header that is changed, but not saved, changes what is found in a source.
return function(run)
  run.open('ups_20020001_20020011.rss')
  local source = vim.fn.bufnr()
  run.open('handset.rh')
  run.replace('KSidPhone', 'KSidTelephone')
  vim.cmd('buffer ' .. source)
  local unknown = run.diagnostics('the constant that is gone', function(all) return #all > 0 end)
  return { unknown = unknown, saved = vim.fn.readfile('handset.rh')[11] }
end
