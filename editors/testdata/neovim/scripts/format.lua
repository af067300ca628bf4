return function(run)
  run.open('ups_20020001_20020011.rss')
  run.replace('options = KYes;\\s*$', 'options=KYes ;  flags =  1;')
  run.replace('^\\tpolicies =$', '  policies   =')
  vim.cmd('write! messy.rss')
  vim.lsp.buf.formatting_sync(nil, 20000)
  return run.text()
end
