package delivery

import (
	"fmt"
	"strings"
)

// backupRegistration lets the files of policies be backed up, and not the
// decision database: on restoring it nobody could tell that it is unchanged.
const backupRegistration = `<?xml version="1.0" standalone="yes"?>
<backup_registration>
	<passive_backup>
		<include_directory name="policies"/>
	</passive_backup>
	<restore requires_reboot="no"/>
</backup_registration>
`

// iby returns the lines of the ROM's .iby file.
func (p *Package) iby() []byte {
	var b strings.Builder
	b.WriteString("// Policies of the User Prompt Service. Made by ups package.\n")
	policies, folder := p.inROM()
	for _, in := range policies {
		fmt.Fprintf(&b, "data=%s\\%s private\\10283558\\policies\\%[2]s\n", folder, in.name())
	}
	b.WriteString("// Define UPS_BACKUP_REGISTRATION if another .iby file has it.\n" +
		"#ifndef UPS_BACKUP_REGISTRATION\n" +
		"data=backup_registration.xml private\\10283558\\backup_registration.xml\n" +
		"#endif\n")
	return []byte(b.String())
}
