return function(run)
  run.open('ups_20020001_20020011.rss')
  run.replace('options = KYes|KNo;', 'options = KYse|KNo;')
  run.diagnostics('the misspelt constant', function(all) return #all > 0 end)
  run.to('KYse')
  local before = run.text()
  local menu = run.choose('KYes')
  return { menu = menu, text = run.changed(before) }
end
