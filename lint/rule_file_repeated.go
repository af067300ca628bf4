package lint

import (
	"fmt"
	"path/filepath"
	"strings"

	"ups/diag"
	"ups/policy"
)

var fileRepeatedRule = &Rule{
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

// driveOf goes by the innermost folder that is named like a drive.
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
