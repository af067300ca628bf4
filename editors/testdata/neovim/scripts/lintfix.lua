-- A fix of lint, which is offered once it is proved to keep every decision.
return function(run)
  run.open('ups_20020001_20020011.rss')
  run.replace('{KSidPhone, KSidContacts}', '{KSidPhone, KSidContacts, KSidPhone}')
  run.diagnostics('what lint finds', function(all) return all[1] and all[1]:match('sid%-repeated') end)
  run.to('KSidContacts, \\zsKSidPhone')
  local before = run.text()
  local menu = run.choose('^Remove')
  return { menu = menu, text = run.changed(before) }
end
