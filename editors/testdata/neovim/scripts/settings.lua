-- Mistakes in .ups.yaml, what may stand there, and that a source is completed in
-- spite of them.
return function(run)
  run.open('.ups.yaml')
  local wrong = run.diagnostics('the mistake', function(all) return #all > 0 end)
  local function words(pattern, prefix)
    run.to(pattern)
    local answer = run.ask('textDocument/completion')
    local items = vim.lsp.util.text_document_completion_list_to_complete_items(answer, prefix)
    return vim.tbl_map(function(item) return item.word end, items)
  end
  run.replace('recommend', '')
  local profiles = words('profile: \\zs', '')
  run.replace('profile: ', 'profile: recommend')
  run.open('ups_20020001_20020011.rss')
  return { wrong = wrong, words = profiles, constants = words('ECheck\\zsPost', 'ECheckP') }
end
