return function(run)
  run.open('ups_20020001_20020011.rss')
  run.replace('destination = "112";\\n\\zs\\|options = KYes;', 'options = KYes|KNo;')
  run.replace('destination = "112";', '')
  return run.diagnostics('what lint finds', function(all) return #all > 0 and all[1]:match('catch%-all') end)
end
