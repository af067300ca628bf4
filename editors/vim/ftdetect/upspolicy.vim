" Sources of UPS policy lists, and headers of resource scripts. Other .rss files
" are feeds, or other resources: for those see docs/editors.md.
autocmd BufNewFile,BufRead [uU][pP][sS]_*.[rR][sS][sS] setlocal filetype=upspolicy
autocmd BufNewFile,BufRead *.rh,*.hrh,*.rsg setlocal filetype=upspolicy
