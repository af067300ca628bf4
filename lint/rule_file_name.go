package lint

import (
	"path/filepath"

	"ups/policy"
)

var fileNameRule = &Rule{
	ID:       "file-name",
	Name:     "Name of the file",
	Category: Opinion,
	Summary:  "A file isn't called ups_<server SID>_<service UID>, in lower case.",
	Rationale: `The service finds a compiled policy file by its name alone, ups_%08x_%08x.rsc; by another name it is
never read (a warning). A source by another name must be given the ids when it is compiled. Letters are
compared without case, but the name is written in lower case (docs/language.md, File names).`,
	Bad:  "-- Ups_101F7F1F_1000A00A.rss --\n" + example(`POLICY { options = KYes|KNo; }`),
	Good: "-- ups_101f7f1f_1000a00a.rss --\n" + example(`POLICY { options = KYes|KNo; }`),
	Run:  runFileName,
}

func runFileName(p *Pass) {
	name := filepath.Base(p.Path)
	service, ext, ok := policy.ParseFileName(name)
	wanted := service.FileName(ext)
	f := Finding{}
	switch {
	case !ok && ext == policy.CompiledExt:
		f.Category = Suspicion
		f.Message = "the service never reads a file of this name"
		f.Hint = "call it ups_<server SID>_<service UID>.rsc, with eight hexadecimal digits each"
	case !ok && ext == policy.SourceExt:
		f.Message = "this name doesn't say which server and service the policies are for"
		f.Hint = "call it ups_<server SID>_<service UID>.rss, with eight hexadecimal digits each"
	case ok && name != wanted:
		f.Message, f.Hint = "names of policy files are written in lower case", "call it "+wanted
	default:
		return
	}
	p.Report(f)
}
