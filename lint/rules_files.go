package lint

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"ups/diag"
	"ups/policy"
)

// fileRules are about the names of files and their UIDs.
var fileRules = []*Rule{
	{
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
	},
	{
		ID:       "file-repeated",
		Name:     "Two files for the same service",
		Category: Suspicion,
		Summary:  "Two files of a run are for the same server and service.",
		Rationale: `A (server SID, service UID) pair has one policy list. Of two files whose names differ in case, or that
are delivered from two places, it depends on the build which one is in force. A file below a folder
called rom or z and one below a folder called system or c are not two: the second eclipses the first
(docs/service.md, Policy files).`,
		Bad: "-- base/ups_101f7f1f_1000a00a.rss --\n" + example(`POLICY { options = KYes|KNo; }`) +
			"-- update/ups_101f7f1f_1000a00a.rss --\n" + example(`POLICY { options = KYes|KNo|KSessionYes; }`),
		Good: "-- ups_101f7f1f_1000a00a.rss --\n" + example(`POLICY { options = KYes|KNo; }`) +
			"-- ups_101f7f1f_1000a00b.rss --\n" + example(`POLICY { options = KYes|KNo|KSessionYes; }`),
		RunAll: runFileRepeated,
	},
	{
		ID:       "uid3-shared",
		Name:     "UID3 of two files",
		Category: Suspicion,
		Summary:  "Two files of a run have the same UID3.",
		Rationale: `UID3 is the identity of a file, and each is to have one of its own. The same one in two files is
nearly always left over from copying.`,
		Bad: "-- ups_101f7f1f_1000a00a.rss --\n" + example(`POLICY { options = KYes|KNo; }`) +
			"-- ups_101f7f1f_1000a00b.rss --\n" + example(`POLICY { options = KYes|KNo; }`),
		Good: "-- ups_101f7f1f_1000a00a.rss --\n" + example(`POLICY { options = KYes|KNo; }`) +
			"-- ups_101f7f1f_1000a00b.rss --\n" + strings.Replace(example(`POLICY { options = KYes|KNo; }`), "0x20030001", "0x20030002", 1),
		RunAll: runUID3Shared,
	},
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

func runFileRepeated(p *ProjectPass) {
	type kind struct {
		policy.Service
		ext   string // a source and what is compiled from it are not two
		drive drive  // a file on the system drive eclipses that in the ROM
	}
	first := map[kind]*Input{}
	for _, in := range p.Inputs {
		service, ext, ok := policy.ParseFileName(filepath.Base(in.Path))
		if !ok {
			continue
		}
		k := kind{service, ext, driveOf(in.Path)}
		if other := first[k]; other != nil {
			p.Report(in, Finding{Diagnostic: diag.Diagnostic{
				Message: fmt.Sprintf("%s is for the same server and service", filepath.ToSlash(other.Path)),
				Hint:    "a server and a service have one policy list: put all of it in one file",
			}})
			continue
		}
		first[k] = in
	}
}

// drive is what a device has a policy file on, as the folders of a tree show.
type drive uint8

const (
	unknownDrive drive = iota
	romDrive
	systemDrive
)

// driveOf returns the drive of the innermost folder that is named like one.
func driveOf(path string) drive {
	folders := strings.Split(filepath.ToSlash(filepath.Dir(path)), "/")
	for i := len(folders) - 1; i >= 0; i-- {
		switch strings.ToLower(folders[i]) {
		case "rom", "z", "z:":
			return romDrive
		case "system", "c", "c:":
			return systemDrive
		}
	}
	return unknownDrive
}

// runUID3Shared reports one finding for a UID3, at the second file that has it.
func runUID3Shared(p *ProjectPass) {
	var uids []uint32
	files := map[uint32][]*Input{}
	for _, in := range p.Inputs {
		uid := in.File.UID3
		known := slices.ContainsFunc(files[uid], func(other *Input) bool {
			return stem(other.Path) == stem(in.Path) // a source and what is compiled from it, or two of its versions
		})
		if in.File.NoUID3 || known {
			continue
		}
		if files[uid] = append(files[uid], in); len(files[uid]) == 2 {
			uids = append(uids, uid)
		}
	}
	for _, uid := range uids {
		p.Report(files[uid][1], sharedUID3(uid, files[uid]))
	}
}

// stem returns the name of a file as the device compares it, without its
// extension: what a source and the file compiled from it have in common.
func stem(path string) string {
	name := strings.ToLower(filepath.Base(path))
	return strings.TrimSuffix(name, filepath.Ext(name))
}

func sharedUID3(uid uint32, files []*Input) Finding {
	in := files[1]
	others := slices.Concat(files[:1], files[2:])
	d := diag.Diagnostic{Hint: "allocate a UID for each file"}
	var names []string
	for _, other := range others[:min(shownNames, len(others))] {
		names = append(names, filepath.ToSlash(other.Path))
		if at := other.File.Places.Field("UID3").Span; at.IsValid() {
			d.Related = append(d.Related, diag.Related{Span: at, Message: "another file"})
		}
	}
	if more := len(others) - shownNames; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	d.Message = fmt.Sprintf("UID3 0x%08x is that of %s too", uid, enumerated(names))
	return Finding{Diagnostic: d.At(in.File.Places.Field("UID3"))}
}
