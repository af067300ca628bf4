return function(run)
  run.open('ups_20020001_20020011.rss')
  local out = {}
  local function add(symbols)
    for _, s in ipairs(symbols) do
      table.insert(out, s.name)
      add(s.children or {})
    end
  end
  add(run.ask('textDocument/documentSymbol'))
  return out
end
