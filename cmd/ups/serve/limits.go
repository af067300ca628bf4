package serve

import "ups/runtime/server"

// limits says how many connections there can be, and what each caller can have if the
// configuration says something of that.
func (k *checker) limits() {
	l := k.cfg.Limits.Filled()
	all := ""
	if l.Connections >= l.AllConnections {
		all = ", all of which one can have"
	}
	k.say("limits: %d connections of each user or address, %d together%s", l.Connections, l.AllConnections, all)
	if files := tooFewFiles(l); files > 0 {
		k.say("limits: a process may have %d files open here, which is too few for them (%s)", files, moreFiles)
	}
	if given := k.cfg.Limits; given == (server.Limits{Connections: given.Connections, AllConnections: given.AllConnections}) {
		return
	}
	k.say("limits of each caller: %s, %s, %d calls under way, %.0f calls a second, %d at once, messages of %d bytes",
		counted(l.Sessions, "session"), counted(l.Subsessions, "subsession"), l.Requests, l.Rate, l.Burst, l.MessageBytes)
}

// warnOfFiles logs that connections may be refused before their limits are reached.
func (p *process) warnOfFiles() {
	if files := tooFewFiles(p.config.Limits.Filled()); files > 0 {
		p.log.Warn("this process may have too few files open for all-connections", "files", files, "hint", moreFiles)
	}
}

// moreFiles says what to do if files are too few.
const moreFiles = "ulimit -n, or LimitNOFILE= of systemd; or lower all-connections"

// spareFiles is how many files the server has open beside its connections: sockets,
// the database, logs, what watches folders.
const spareFiles = 64

// tooFewFiles returns how many files this process may have open if its connections
// need more, and else 0.
func tooFewFiles(l server.Limits) uint64 {
	if files, ok := openFiles(); ok && files < uint64(l.AllConnections)+spareFiles {
		return files
	}
	return 0
}
