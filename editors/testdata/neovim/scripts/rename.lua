-- A constant of a header gets another name in a source that includes it: in the
-- header, and in other sources of the folder, which aren't open.
return function(run)
  run.open('ups_20020001_20020011.rss')
  run.to('KUidNumberEvaluator')
  vim.lsp.buf.rename('KUidByNumber')
  run.wait('the new name', function() return run.text():match('KUidByNumber') end)
  vim.cmd('wall')
  return true
end
