package config

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ups/internal/yamlnode"
)

const (
	day = 24 * time.Hour
	// maxDuration is longer than anybody means to wait.
	maxDuration = day
	// maxAge is longer than any device is used.
	maxAge = 100 * 365 * day
)

// duration reads a time that isn't zero.
func (p *parser) duration(n *yaml.Node, what string) time.Duration {
	if !yamlnode.IsScalar(n) {
		p.Text(n, what) // says so
		return 0
	}
	d, err := time.ParseDuration(n.Value)
	if err != nil || d <= 0 || d > maxDuration {
		p.Fail(n, timeHint(n.Value, "s"), "%s is a time, such as 500ms, 2s or 1m30s, of up to a day", what)
	}
	return d
}

// age reads a time that may be in days.
func (p *parser) age(n *yaml.Node, what string) time.Duration {
	if !yamlnode.IsScalar(n) {
		p.Text(n, what) // says so
		return 0
	}
	d, err := time.ParseDuration(n.Value)
	if days, ok := strings.CutSuffix(n.Value, "d"); ok {
		var number uint64
		number, err = strconv.ParseUint(days, 10, 16)
		d = time.Duration(number) * day
	}
	if err != nil || d < time.Second || d > maxAge {
		hint := cmp.Or(timeHint(n.Value, "d"), "for answers that stay until they are revoked leave it out")
		p.Fail(n, hint, "%s is a time of at least a second, and at most %dd, such as 30d, 12h or 90m", what, maxAge/day)
	}
	return d
}

var inWords = regexp.MustCompile(`^([1-9][0-9]{0,4}) ?([a-z]*)$`)

// timeHint says how a time is written that has no unit, or has one that isn't read; ""
// if the text is none. Without a unit it is taken for one of the unit that is usual,
// d or s; only with d are days read.
func timeHint(text, usual string) string {
	m := inWords.FindStringSubmatch(strings.ToLower(text))
	if m == nil {
		return ""
	}
	number, _ := strconv.Atoi(m[1]) // it is one
	unit := usual
	switch strings.TrimSuffix(m[2], "s") {
	case "":
	case "second", "sec":
		unit = "s"
	case "minute", "min":
		unit = "m"
	case "h", "hour", "hr":
		unit = "h"
	case "d", "day":
		unit = "d"
	case "w", "week":
		number, unit = number*7, "d"
	case "month":
		number, unit = number*30, "d"
	case "y", "year":
		number, unit = number*365, "d"
	default:
		return ""
	}
	if unit == "d" && usual != "d" {
		return ""
	}
	return fmt.Sprintf("a time has its unit behind it: write %d%s", number, unit)
}
