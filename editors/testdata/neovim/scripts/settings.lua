-- Mistakes in .ups.yaml, and what may stand there.
return function(run)
  run.open('.ups.yaml')
  local wrong = run.diagnostics('the mistake', function(all) return #all > 0 end)
  run.replace('recommend', '')
  run.to('profile: \\zs')
  local items = vim.lsp.util.text_document_completion_list_to_complete_items(run.ask('textDocument/completion'), '')
  return { wrong = wrong, words = vim.tbl_map(function(item) return item.word end, items) }
end
