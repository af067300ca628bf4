// Package packaging is ups package: from policies to what brings them onto a
// device.
package packaging

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/usage"
	"ups/internal/delivery"
)

type command struct {
	dir, zip, rom       string
	name, vendor, lang  string
	uid                 flags.UID
	version, romVersion version
	sources             settings.Flags
}

// defaultDir is where files go if the command line doesn't say.
const defaultDir = "package"

// New returns the command.
func New(con *console.Console) *cobra.Command {
	f := command{
		uid:     flags.UID{Value: delivery.StubUID, Given: true},
		version: version{1, 0, 1}, romVersion: version{1, 0, 0},
	}
	cmd := &cobra.Command{
		Use:   "package DIR",
		Short: "Write what brings policies onto a device: .pkg, .iby, the registration for backup",
		Long: `Write what brings the policies of a folder onto a device: the .pkg file of a SIS
file for the system drive, where they eclipse those of the ROM, that of the stub
in the ROM which the SIS file upgrades, the lines of an .iby file, and
backup_registration.xml. makesis and the tools that build a ROM take them from
there; a SIS file has to be signed.

The folder has sources or compiled files, by names as ups_101f7f1f_1000a00a.rss.
A compiled file beside its source must be what the source compiles to. With
--rom DIR the stub and the .iby file have the policies of that folder, and one
that differs from the ROM's must have a higher version.

All files are written or none, below the folder of -d. --zip FILE writes them as
an archive, which is the same bytes whenever and wherever it is made.`,
		Example: `  ups package policies
  ups package -d out --vendor Example --version 1.2.0 policies
  ups package --rom rom/ --zip policies.zip policies`,
		Args: usage.OneArg("a folder of policies", "folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), con, args[0])
		},
	}
	f.register(cmd.Flags())
	return cmd
}

func (f *command) register(fs *pflag.FlagSet) {
	fs.StringVarP(&f.dir, "dir", "d", "", "write the files below `DIR` (package, unless --zip is given)")
	fs.StringVar(&f.zip, "zip", "", "write the files as an archive `FILE`")
	fs.StringVar(&f.rom, "rom", "", "the policies of the ROM are those of `DIR`")
	fs.StringVar(&f.name, "name", "User Prompt Service policies", "`NAME` of the package")
	fs.StringVar(&f.vendor, "vendor", "Device creator", "`NAME` of the vendor")
	fs.StringVar(&f.lang, "language", "EN", "`CODE` of the language of both names")
	fs.Var(&f.uid, "uid", "UID of the package, that of the stub in the ROM")
	fs.Var(&f.version, "version", "version of the SIS file, above that of the stub")
	fs.Var(&f.romVersion, "rom-version", "version of the stub in the ROM")
	f.sources.Register(fs, "")
}

func (f *command) run(ctx context.Context, con *console.Console, dir string) error {
	if err := f.checkOutputs(con, dir); err != nil {
		return err
	}
	policies, err := f.read(ctx, con, dir)
	if err != nil {
		return err
	}
	p := delivery.Package{
		Name: f.name, Vendor: f.vendor, Language: f.lang, UID: f.uid.Value,
		Version: delivery.Version(f.version), ROMVersion: delivery.Version(f.romVersion), Policies: policies,
	}
	if f.rom != "" {
		if p.ROM, err = f.read(ctx, con, f.rom); err != nil {
			return err
		}
	}
	files, err := p.Files()
	if err != nil {
		return asInput(err)
	}
	outputs, err := f.outputs(con, files)
	if err != nil {
		return err
	}
	if err := output.Write(ctx, con, outputs); err != nil {
		return err
	}
	con.Note("%s", f.summary(len(policies)))
	return nil
}

func (f *command) summary(n int) string {
	what := "1 policy file"
	if n != 1 {
		what = fmt.Sprintf("%d policy files", n)
	}
	return fmt.Sprintf("%s packaged as version %s", what, f.version.String())
}

// asInput makes each error one about what the command was given.
func asInput(err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return console.Input(err)
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, asInput(e))
	}
	return errors.Join(all...)
}
