package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// answer is the answer about one policy.
type answer byte

const (
	none        answer = '-' // not in time
	unknown     answer = '?'
	reachable   answer = 'r'
	unreachable answer = 'u'
)

// answers are those about a list, one for each policy, and what they cost.
type answers struct {
	list  []answer
	wall  time.Duration
	user  time.Duration // of the processor, in the program itself
	peak  int64         // bytes of memory
	size  int           // bytes of standard output
	ended string        // how, if not by itself
}

func (a *answers) count(which answer) int {
	n := 0
	for _, one := range a.list {
		if one == which {
			n++
		}
	}
	return n
}

// decided is how many policies there is an answer about.
func (a *answers) decided() int { return a.count(reachable) + a.count(unreachable) }

// solver is a program that reads SMT-LIB.
type solver struct {
	name string
	// encodings are those that it was found to be quick with on some lists.
	encodings []encoding
	command   func(question time.Duration, file string) []string
}

var solvers = []solver{
	{"z3", []encoding{expressions, anew}, func(question time.Duration, file string) []string {
		return []string{fmt.Sprintf("-t:%d", question.Milliseconds()), "-smt2", file}
	}},
	{"cvc5", []encoding{predicates, expressions}, func(question time.Duration, file string) []string {
		return []string{"--incremental", "--strings-exp", fmt.Sprintf("--tlimit-per=%d", question.Milliseconds()), "--lang=smt2", file}
	}},
}

// solve has a solver answer a script about n policies. A question may take a
// part of the limit, so that one that is hard doesn't use up all of it.
func (s solver) solve(text string, n int, limit time.Duration) (*answers, error) {
	dir, err := os.MkdirTemp("", "solvers")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "list.smt2")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		return nil, err
	}
	a, out, err := run(limit, s.name, s.command(limit/4, file)...)
	if err != nil {
		return nil, err
	}
	if a.list, err = parseAnswers(string(out), n); err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	return a, nil
}

// parseAnswers reads a word for each of n policies, as far as there are any.
func parseAnswers(out string, n int) ([]answer, error) {
	words := map[string]answer{"sat": reachable, "unsat": unreachable, "unknown": unknown, "timeout": unknown}
	list := slices.Repeat([]answer{none}, n)
	for i, word := range strings.Fields(out) {
		a, ok := words[word]
		if !ok {
			return nil, fmt.Errorf("%.200s", out)
		}
		if i < n {
			list[i] = a
		}
	}
	return list, nil
}

// run runs a program for so many seconds of processor time, which other load
// doesn't change, and measures it. Exit status 1 is no error: it is that of
// findings, and of solvers that were stopped.
func run(limit time.Duration, name string, args ...string) (*answers, []byte, error) {
	seconds := strconv.Itoa(max(1, int(limit.Seconds())))
	cmd := exec.Command("sh", append([]string{"-c", `ulimit -t "$0"; exec "$@"`, seconds, name}, args...)...)
	var out, messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &messages
	start := time.Now()
	err := cmd.Run()
	a := &answers{wall: time.Since(start), size: out.Len()}
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() > 1) {
		return nil, nil, fmt.Errorf("%s: %w: %s", name, err, messages.Bytes())
	}
	a.user = cmd.ProcessState.UserTime()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		a.ended = "crashed"
		if s := status.Signal(); s == syscall.SIGXCPU || s == syscall.SIGKILL {
			a.ended = "stopped"
		}
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		a.peak = usage.Maxrss << 10
	}
	return a, out.Bytes(), nil
}
