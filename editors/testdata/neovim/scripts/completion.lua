return function(run)
  run.open('ups_20020001_20020011.rss')
  local function words(pattern, prefix)
    run.to(pattern)
    local items = vim.lsp.util.text_document_completion_list_to_complete_items(run.ask('textDocument/completion'), prefix)
    local out = {}
    for _, item in ipairs(items) do
      table.insert(out, item.word)
    end
    return out
  end
  run.replace('authorisationpolicy = ECheckPostManufacture;', 'authorisationpolicy = ECheck;')
  local constants = words('ECheck\\zs;', 'ECheck')
  run.replace('majorversion = 1;', 'm')
  local fields = words('^\\t\\tm\\zs$', 'm')
  run.replace('sid_list = {KSidPhone', 'sid_list = {KSid')
  local sids = words('{KSid\\zs,', 'KSid')
  return { constants = constants, fields = fields, sids = sids }
end
