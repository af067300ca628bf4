package peer

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// maxCgroup is more than /proc/PID/cgroup has: a line for each hierarchy.
const maxCgroup = 64 << 10

// executableOf returns the path of the program of a process, or "" if it can't be
// read, which takes the same user or CAP_SYS_PTRACE, or if the file there is another.
func executableOf(pid int32) string {
	link := fmt.Sprintf("/proc/%d/exe", pid)
	path, err := os.Readlink(link)
	if err != nil {
		return ""
	}
	running, err1 := os.Stat(link)
	there, err2 := os.Stat(path)
	if err1 != nil || err2 != nil || !os.SameFile(running, there) {
		return ""
	}
	return path
}

// unitOf returns the systemd unit of a process, or "" if it is in none.
func unitOf(pid int32) (string, error) {
	text, err := readSome(fmt.Sprintf("/proc/%d/cgroup", pid), maxCgroup)
	return unitOfCgroups(text), err
}

func readSome(name string, limit int64) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit))
	return string(b), err
}

// unitOfCgroups finds the unit in the lines of /proc/PID/cgroup: by the hierarchy of
// systemd's own, or else by the one that all have since version 2.
func unitOfCgroups(text string) string {
	unified := ""
	for line := range strings.Lines(text) {
		id, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		controllers, path, _ := strings.Cut(rest, ":")
		switch {
		case controllers == "name=systemd":
			return unitOfPath(path)
		case id == "0" && controllers == "":
			unified = path
		}
	}
	return unitOfPath(unified)
}

// unitOfPath returns the first unit below the slices. What is below that belongs to
// the unit, and may be called as it likes.
func unitOfPath(path string) string {
	for name := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if strings.HasSuffix(name, ".slice") {
			continue
		}
		if strings.HasSuffix(name, ".service") || strings.HasSuffix(name, ".scope") {
			return strings.TrimPrefix(name, "_") // systemd's escape
		}
		return ""
	}
	return ""
}
