return function(run)
  run.open('ups_20020001_20020011.rss')
  local first = run.diagnostics('no findings', function(all) return #all == 0 end)
  run.replace('options = KYes|KNo;', '/* 😀 */ options = KYse|KNo;')
  local misspelt = run.diagnostics('the misspelt constant', function(all) return #all > 0 end)
  run.replace('KYse', 'KYes')
  local corrected = run.diagnostics('no findings again', function(all) return #all == 0 end)
  return { first = first, misspelt = misspelt, corrected = corrected }
end
