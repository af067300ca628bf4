// Package delivery writes what brings policy files onto a device: the .pkg files
// from which makesis makes a SIS file and the stub that it upgrades, the lines of
// the ROM's .iby file, and the registration for backup.
package delivery

import (
	"cmp"
	"slices"

	"ups/policy"
)

// StubUID is the package UID of the stub in the ROM that lists the User Prompt
// Service. Files can be put into the service's private directory by its upgrades
// alone.
const StubUID = 0x10285777

// Policy is a compiled policy file.
type Policy struct {
	policy.Service
	Path string // that it was read from, for errors
	Data []byte
	File *policy.File // what Data says
}

func byService(a, b Policy) int { return cmp.Compare(a.name(), b.name()) }

func (p *Policy) name() string { return p.FileName(policy.CompiledExt) }

// Package is what a device gets.
type Package struct {
	Name, Vendor string
	Language     string // of both, as makesis abbreviates it, such as EN
	UID          uint32
	Version      Version // of the SIS file
	ROMVersion   Version // of the stub that it upgrades
	Policies     []Policy
	ROM          []Policy // what the ROM has; none if that is the same
}

// File is a file of a package, by its path with slashes.
type File struct {
	Path string
	Data []byte
}

// Files returns the files of a package, a manifest among them, in the order of
// their paths. They don't depend on the order of the policies. It is an error if
// a device or makesis would refuse one.
func (p Package) Files() ([]File, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	p.Policies = slices.SortedFunc(slices.Values(p.Policies), byService)
	p.ROM = slices.SortedFunc(slices.Values(p.ROM), byService)
	sis, err := p.sis()
	if err != nil {
		return nil, err
	}
	stub, err := p.stub()
	if err != nil {
		return nil, err
	}
	files := []File{
		{"ups_policies.pkg", sis},
		{"ups_policies_stub.pkg", stub},
		{"ups_policies.iby", p.iby()},
		{"backup_registration.xml", []byte(backupRegistration)},
	}
	for _, in := range p.Policies {
		files = append(files, File{"policies/" + in.name(), in.Data})
	}
	for _, in := range p.ROM {
		files = append(files, File{"rom/" + in.name(), in.Data})
	}
	files = append(files, File{ManifestName, manifest(files)})
	slices.SortFunc(files, byPath)
	return files, nil
}

// inROM returns the policies that the ROM has, and the folder they are in.
func (p *Package) inROM() (policies []Policy, folder string) {
	if len(p.ROM) == 0 {
		return p.Policies, "policies"
	}
	return p.ROM, "rom"
}
