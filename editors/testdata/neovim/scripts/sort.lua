-- The command of the server edits the text through the client.
return function(run)
  run.open('ups_20020001_20020011.rss')
  run.replace('destination = "112";', 'destination = "*";')
  local before = run.text()
  run.to('destination = "\\*"')
  local menu = run.choose('[Ss]ort')
  return { menu = menu, text = run.changed(before) }
end
