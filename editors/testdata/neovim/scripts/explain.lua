return function(run)
  local shown
  vim.lsp.handlers['window/showMessage'] = function(_, message) shown = message.message end
  run.open('ups_20020001_20020011.rss')
  run.to('destination = "+4490')
  run.choose('^Explain')
  return run.wait('the explanation', function() return shown end)
end
