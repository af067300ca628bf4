package delivery

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"ups/policy"
)

// check refuses what a device would refuse, or take and not use.
func (p *Package) check() error {
	if len(p.Policies) == 0 {
		return errors.New("there is no policy file to package")
	}
	if !p.ROMVersion.Before(p.Version) {
		return fmt.Errorf("the version of the SIS file, %s, is not above %s, that of the stub in the ROM, which it upgrades", p.Version, p.ROMVersion)
	}
	if !isLanguage(p.Language) {
		return fmt.Errorf("%q is no language of a package: want two capital letters, such as EN", p.Language)
	}
	all := errors.Join(checkFiles(p.Policies), checkFiles(p.ROM))
	if all != nil {
		return all
	}
	return p.checkReplaced()
}

// checkFiles refuses files that a device refuses, and two for one service.
func checkFiles(policies []Policy) error {
	var all []error
	first := map[policy.Service]string{}
	for _, in := range policies {
		if other, twice := first[in.Service]; twice {
			all = append(all, fmt.Errorf("%s and %s are both for server 0x%08x and service 0x%08x, and a device has one file for them",
				other, in.Path, in.Server, in.Service.Service))
		}
		first[in.Service] = in.Path
		for _, v := range in.File.Violations() {
			where := "the file"
			if v.Policy > 0 {
				where = fmt.Sprintf("policy %d", v.Policy)
			}
			all = append(all, fmt.Errorf("%s: a device refuses %s: %s", in.Path, where, v.Message))
		}
	}
	return errors.Join(all...)
}

// checkReplaced refuses a policy file that differs from the ROM's and doesn't have
// a higher version: stored answers would be taken for answers to the new one.
func (p *Package) checkReplaced() error {
	for _, old := range p.ROM {
		i := slices.IndexFunc(p.Policies, func(next Policy) bool { return next.Service == old.Service })
		if i < 0 || bytes.Equal(p.Policies[i].Data, old.Data) {
			continue
		}
		next := p.Policies[i]
		if was, is := versionOf(old.File), versionOf(next.File); slices.Compare(is[:], was[:]) <= 0 {
			return fmt.Errorf("%s: policy version %d.%d is not above %d.%d of the ROM's %s, from which it differs",
				next.Path, is[0], is[1], was[0], was[1], old.Path)
		}
	}
	return nil
}

func versionOf(f *policy.File) [2]uint16 {
	return [2]uint16{f.Header.MajorVersion, f.Header.MinorVersion}
}
