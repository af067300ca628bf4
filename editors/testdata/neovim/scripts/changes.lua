-- What would change against the last commit, as information.
return function(run)
  run.open('ups_20020001_20020011.rss')
  run.replace('destination = "+4490\\*";', 'destination = "+4491*";')
  run.to('destination = "+4491')
  run.choose('would change')
  return run.diagnostics('what changes', function(all)
    return vim.tbl_filter(function(d) return d:find('INFO - Since HEAD', 1, true) end, all)[1]
  end)
end
