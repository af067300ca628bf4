package config

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ups/cmd/ups/internal/yamlfile"
	"ups/diag"
	"ups/runtime/decision"
	"ups/runtime/server"
	"ups/runtime/service"
)

// fakeAccounts has a user and a group.
type fakeAccounts struct{}

func (fakeAccounts) User(name string) (uint32, bool)  { return 71, name == "messages" }
func (fakeAccounts) Group(name string) (uint32, bool) { return 72, name == "ups" }

const minimal = `policies: {rom: rom}
decisions: d.db
listen: [{unix: s}]
identities: []
`

const full = `
policies: {rom: /rom, system: system}
decisions: decisions.db
listen:
  - {unix: ups.sock, name: ups, owner: "0", group: ups, mode: 0600}
  - {tcp: ":7443", certificate: c.pem, key: k.pem, clients: /etc/ca.pem}
plug-ins:
  evaluators: {0x10285001: destination, 0x10285002: attached}
  creators: {0x10283694: attached, 0x10283695: terminal, 0x10283696: desktop, 0x10283697: panel}
identities:
  - name: messages
    uid: messages
    gid: 72
    executable: /usr/bin/messages
    unit: messages.service
    sid: 0x101F7F1F
    capabilities: [ProtServ, ReadDeviceData]
  - name: agent
    uid: 1000
    attach: {creators: [0x10283694], evaluators: [0x10285002]}
    status: yes
    reload: yes
  - name: remote
    certificate:
      subject: CN=a,O=b
      dns: a.example
      uri: spiffe://example/a
      authority: ca.pem
      fingerprint: "` + "AA:" + `00112233445566778899aabbccddeeff00112233445566778899aabbccddee"
answers:
  - {after: 30d, program: yes}
  - {server: 0x101F7F1F, uses: 10}
  - {server: 0x101F7F1F, service: 0x1000A00A, after: 90m}
limits: {connections: 7, all-connections: 8, sessions: 1, subsessions: 2, requests: 3, message-bytes: 70000, rate: 5, burst: 6}
deadlines: {evaluate: 1s, prepare: 2s, display: 3s, grace: 4ms}
panel: {listen: "[::1]:8765", password-file: password, names: {clients: {0x20001234: Bank}, servers: {0x101F7F1F: Messages}, services: {0x1000A00A: Send a message}}}
metrics: {listen: "127.0.0.1:9464"}
decision-log: {file: decisions.jsonl, mask: [client, destination]}
traces: {endpoint: "https://collector.example/v1/traces", sample: 0.25, mask: [entity]}
idle: 5s
stop: 6s
log: {format: json, level: warn, mask: [client, destination, entity]}
`

func ptr(v uint32) *uint32 { return &v }

func TestParse(t *testing.T) {
	got, err := Parse("/etc/ups/serve.yaml", []byte(full), fakeAccounts{})
	if err != nil {
		t.Fatal(err)
	}
	name := func(path string) Name { return Name{Path: path} }
	want := &Config{
		Path: "/etc/ups/serve.yaml", ROM: name("/rom"), System: name("/etc/ups/system"), Decisions: name("/etc/ups/decisions.db"),
		Listen: []Listener{
			{Name: "ups", Unix: "/etc/ups/ups.sock", Owner: 0, Group: 72, Mode: 0o600},
			{TCP: ":7443", Owner: -1, Group: -1, Mode: 0o660, TLS: TLS{name("/etc/ups/c.pem"), name("/etc/ups/k.pem"), name("/etc/ca.pem")}},
		},
		Identities: []Identity{
			{
				Identity: server.Identity{Name: "messages", Caller: service.Caller{SID: 0x101F7F1F, Capabilities: service.ProtServ | service.ReadDeviceData}},
				Match:    Match{UID: ptr(71), GID: ptr(72), Executable: "/usr/bin/messages", Unit: "messages.service"},
			},
			{
				Identity: server.Identity{Name: "agent", Status: true, Reload: true, PlugIns: []server.PlugIn{
					{Kind: server.DialogCreator, UID: 0x10283694}, {Kind: server.PolicyEvaluator, UID: 0x10285002},
				}},
				Match: Match{UID: ptr(1000)},
			},
			{
				Identity: server.Identity{Name: "remote"},
				Match: Match{Certificate: &Certificate{
					Subject: "CN=a,O=b", DNS: "a.example", URI: "spiffe://example/a",
					Authority:   name("/etc/ups/ca.pem"),
					Fingerprint: "aa00112233445566778899aabbccddeeff00112233445566778899aabbccddee",
				}},
			},
		},
		PlugIns: PlugIns{
			Evaluators: map[uint32]PlugIn{0x10285001: Destination, 0x10285002: Attached},
			Creators:   map[uint32]PlugIn{0x10283694: Attached, 0x10283695: Terminal, 0x10283696: Desktop, 0x10283697: ByPanel},
		},
		Answers: Answers{
			{}:                   {After: 30 * 24 * time.Hour, Program: true},
			{Server: 0x101F7F1F}: {Uses: 10},
			{Server: 0x101F7F1F, Service: 0x1000A00A}: {After: 90 * time.Minute},
		},
		Limits:    server.Limits{Connections: 7, AllConnections: 8, Sessions: 1, Subsessions: 2, Requests: 3, MessageBytes: 70000, Rate: 5, Burst: 6},
		Deadlines: service.Limits{Evaluate: time.Second, Prepare: 2 * time.Second, Display: 3 * time.Second, Grace: 4 * time.Millisecond},
		Panel: Panel{Listen: "[::1]:8765", Password: name("/etc/ups/password"), Names: Names{
			Clients: map[uint32]string{0x20001234: "Bank"}, Servers: map[uint32]string{0x101F7F1F: "Messages"}, Services: map[uint32]string{0x1000A00A: "Send a message"},
		}},
		Metrics: Listener{TCP: "127.0.0.1:9464", Owner: -1, Group: -1, Mode: 0o660},
		DecisionLog: DecisionLog{
			File: name("/etc/ups/decisions.jsonl"), Mask: service.MaskClient | service.MaskDestination,
		},
		Traces: Traces{Endpoint: "https://collector.example/v1/traces", Sample: 0.25, Mask: service.MaskEntity},
		Idle:   5 * time.Second, Stop: 6 * time.Second,
		Log: Log{JSON: true, Level: slog.LevelWarn, Mask: service.MaskClient | service.MaskDestination | service.MaskEntity},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(diag.Pos{})); diff != "" {
		t.Error(diff)
	}
}

func TestDefaults(t *testing.T) {
	got, err := Parse("serve.yaml", []byte(minimal+"idle: never\n"), fakeAccounts{})
	if err != nil || got.Stop != defaultStop || got.Idle != Never || got.Listen[0].Mode != 0o660 || got.Log.JSON || got.Log.Level != slog.LevelInfo {
		t.Errorf("%+v, %v", got, err)
	}
}

// Metrics may be on a Unix socket, and the decision log on standard output.
func TestObserved(t *testing.T) {
	got, err := Parse("/etc/ups/serve.yaml", []byte(minimal+"metrics: {listen: unix:m.sock}\ndecision-log: {file: '-'}\n"), fakeAccounts{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Metrics.Unix != "/etc/ups/m.sock" || got.Metrics.TCP != "" || got.DecisionLog.File.Path != Stdout || got.DecisionLog.Mask != 0 {
		t.Errorf("%+v, %+v", got.Metrics, got.DecisionLog)
	}
}

// One listens at any number of sockets of a kind, as long as they differ.
func TestSeveralListeners(t *testing.T) {
	const tls = ", certificate: c, key: k, clients: a}"
	got, err := Parse("c", []byte("policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n"+
		"  - {unix: /a}\n  - {unix: /b}\n  - {tcp: ':1'"+tls+"\n  - {tcp: ':2'"+tls+"\n"), fakeAccounts{})
	if err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, l := range got.Listen {
		places = append(places, l.Unix+l.TCP)
	}
	if want := []string{"/a", "/b", ":1", ":2"}; !slices.Equal(places, want) {
		t.Errorf("%q, want %q", places, want)
	}
}

// What is just within a bound is read.
func TestBounds(t *testing.T) {
	path := "/" + long[:maxSocketPath-1]
	for text, read := range map[string]func(*Config) bool{
		"stop: 24h":                                func(c *Config) bool { return c.Stop == day },
		"stop: 1ns":                                func(c *Config) bool { return c.Stop == 1 },
		"answers: [{after: 1s}]":                   func(c *Config) bool { return c.Answers[decision.Service{}].After == time.Second },
		"answers: [{after: 36500d}]":               func(c *Config) bool { return c.Answers[decision.Service{}].After == 36500*day },
		"limits: {message-bytes: 65536}":           func(c *Config) bool { return c.Limits.MessageBytes == server.LeastMessageBytes },
		"traces: {endpoint: https://a}":            func(c *Config) bool { return c.Traces.Sample == 1 },
		"traces: {endpoint: https://a, sample: 1}": func(c *Config) bool { return c.Traces.Sample == 1 },
		"metrics: {listen: 'unix:" + path + "'}":   func(c *Config) bool { return c.Metrics.Unix == path },
	} {
		if got, err := Parse("c", []byte(minimal+text), fakeAccounts{}); err != nil || !read(got) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

// A set of capabilities is named as it is written, in one order.
func TestCapabilityNames(t *testing.T) {
	for text, want := range map[string][]string{
		"": nil, "ProtServ": {"ProtServ"}, "WriteDeviceData, ProtServ": {"ProtServ", "WriteDeviceData"},
		"AllFiles, WriteDeviceData, ReadDeviceData": {"ReadDeviceData", "WriteDeviceData", "AllFiles"},
	} {
		got, err := Parse("c", []byte(identity+"{name: a, uid: 1, sid: 0x1, capabilities: ["+text+"]}"), fakeAccounts{})
		if err != nil {
			t.Fatal(err)
		}
		if names := CapabilityNames(got.Identities[0].Caller.Capabilities); !slices.Equal(names, want) {
			t.Errorf("%s: %q, want %q", text, names, want)
		}
	}
}

// What is said of a service counts before what is said of its server, and that
// before what is said of all.
func TestAgeing(t *testing.T) {
	answers := Answers{{}: {Uses: 1}, {Server: 1}: {Uses: 2}, {Server: 1, Service: 2}: {}}
	for of, want := range map[decision.Service]uint32{{Server: 1, Service: 2}: 0, {Server: 1, Service: 3}: 2, {Server: 2, Service: 2}: 1} {
		if got := answers.Ageing(of).Uses; got != want {
			t.Errorf("%+v: %d uses, want %d", of, got, want)
		}
		if got := (Answers)(nil).Ageing(of); got != (service.Ageing{}) {
			t.Errorf("of nothing: %+v", got)
		}
	}
}

// mistake is a configuration, and what is said of it: line:column: message.
type mistake struct{ text, want string }

const identity = minimal2 + "identities:\n  - "

// minimal2 is minimal without identities; what follows begins in line 4.
const minimal2 = "policies: {rom: rom}\ndecisions: d.db\nlisten: [{unix: s}]\n"

var mistakes = []mistake{
	{"", "1:1: not YAML: nothing in the file"},
	{"x", "1:1: the configuration is a mapping, of keys and values"},
	{"policies: {rom: rom}\n", "1:1: the configuration needs decisions, listen, identities"},
	{"decisions: d\nlisten: []\nidentities: []\n", "1:1: the configuration needs policies"},
	{"policies: {}\n" + minimal[len("policies: {rom: rom}\n"):], "1:11: policies needs rom"},
	{"policies: {rom: rom}\ndecisions: d\nlisten: []\nidentities: []", "1:1: nothing to listen on: listen is empty"},
	{minimal + "more: 1\n", `5:1: the configuration has no key "more"`},
	{minimal + "decisions: d\n", `5:1: the configuration has the key "decisions" twice`},
	{minimal + "---\n", "5:1: a second document: a file holds one"},
	{minimal + "idle: 0s\n", "5:7: idle is a time, such as 500ms, 2s or 1m30s, of up to a day"},
	{minimal + "stop: 25h\n", "5:7: stop is a time, such as 500ms, 2s or 1m30s, of up to a day"},
	{minimal + "stop: [2s]\n", "5:7: stop is a text"},
	{minimal + "stop: 2\n", "5:7: stop is a time, such as 500ms, 2s or 1m30s, of up to a day"},
	{minimal + "limits: {sessions: 0}\n", "5:20: sessions is at least 1"},
	{minimal + "limits: {message-bytes: 0}\n", "5:25: message-bytes is at least 1"},
	{minimal + "limits: {message-bytes: 1}\n", "5:25: message-bytes is at least 65536: programs put several requests into one message"},
	{minimal + "limits: {message-bytes: 65535}\n", "5:25: message-bytes is at least 65536: programs put several requests into one message"},
	{minimal + "limits: {rate: many}\n", `5:16: rate is a number up to 10000000, not "many"`},
	{minimal + "deadlines: {display: ever}\n", "5:22: display is a time, such as 500ms, 2s or 1m30s, of up to a day"},
	{minimal + "panel: {}\n", "5:8: panel needs listen"},
	{minimal + "panel: {listen: 0.0.0.0:8765}\n", `5:17: listen is an address of the loopback interface and a port, not "0.0.0.0:8765"`},
	{minimal + "panel: {listen: localhost}\n", `5:17: listen is an address of the loopback interface and a port, not "localhost"`},
	{minimal + "panel: {listen: 127.0.0.1:8765}\nlog: {level: warn}\n", "6:14: the control panel is entered by links that are logged, and at this level they aren't"},
	{minimal + "metrics: {}\n", "5:10: metrics needs listen"},
	{minimal + "metrics: {listen: ':9464'}\n", `5:19: listen is an address of the loopback interface and a port, not ":9464"`},
	{minimal + "metrics: {listen: 'unix:@a'}\n", "5:19: @a is a socket without a file, which has no owner and no mode"},
	{minimal + "traces: {}\n", "5:9: traces needs endpoint"},
	{minimal + "traces: {endpoint: 127.0.0.1}\n", `5:20: endpoint is a URL, of http or https, not "127.0.0.1"`},
	{minimal + "traces: {endpoint: https:///v1/traces}\n", `5:20: endpoint is a URL, of http or https, not "https:///v1/traces"`},
	{minimal + "traces: {endpoint: ftp://localhost/}\n", `5:20: endpoint is a URL, of http or https, not "ftp://localhost/"`},
	{minimal + "traces: {endpoint: 'http://[::1'}\n", `5:20: endpoint is a URL, of http or https, not "http://[::1"`},
	{minimal + "traces: {endpoint: http://10.0.0.1:4318/}\n", `5:20: traces are sent to other machines by https only, not to "http://10.0.0.1:4318/"`},
	{minimal + "traces: {endpoint: http://localhost.example/}\n", `5:20: traces are sent to other machines by https only, not to "http://localhost.example/"`},
	{minimal + "traces: {endpoint: https://a, sample: 0}\n", `5:39: sample is a number above 0, up to 1, not "0"`},
	{minimal + "traces: {endpoint: https://a, sample: 1.01}\n", `5:39: sample is a number above 0, up to 1, not "1.01"`},
	{minimal + "traces: {endpoint: https://a, sample: NaN}\n", `5:39: sample is a number above 0, up to 1, not "NaN"`},
	{minimal + "decision-log: {mask: []}\n", "5:15: decision-log needs file"},
	{minimal + "decision-log: {file: d, mask: [all]}\n", `5:32: a masked field can't be "all"`},
	{minimal + "panel: {listen: '127.0.0.1:1', names: {clients: {20001234: Bank}}}\n", `5:50: the SID of a client is 0x and up to eight hexadecimal digits, such as 0x101f7f1f, not "20001234"`},
	{minimal + "panel: {listen: '127.0.0.1:1', names: {clients: {0x1: Bank, 0x01: Mail}}}\n", "5:61: 0x01 is named twice"},
	{minimal + "panel: {listen: '127.0.0.1:1', names: {servers: {0x1: ''}}}\n", "5:55: a name is empty"},
	{minimal + "panel: {listen: '127.0.0.1:1', names: {server: {}}}\n", `5:40: names has no key "server"`},
	{minimal + "plug-ins: {creators: {0x1: panel}}\n", "5:28: the creator is the control panel, and there is none"},
	{minimal + "answers: [{uses: 0}]\n", "5:18: uses is at least 1"},
	{minimal + "answers: [{after: 1ms}]\n", "5:19: after is a time of at least a second, and at most 36500d, such as 30d, 12h or 90m"},
	{minimal + "answers: [{after: -1d}]\n", "5:19: after is a time of at least a second, and at most 36500d, such as 30d, 12h or 90m"},
	{minimal + "answers: [{after: 40000d}]\n", "5:19: after is a time of at least a second, and at most 36500d, such as 30d, 12h or 90m"},
	{minimal + "answers: [{server: 0x0, uses: 1}]\n", "5:20: server can't be 0x00000000"},
	{minimal + "answers: [{service: 0x1, uses: 1}]\n", "5:11: a service needs its server beside it"},
	{minimal + "answers: [{uses: 1}, {uses: 2}]\n", "5:22: an entry above is for the same answers"},
	{minimal + "answers: [{uses: -1}]\n", "5:18: uses is at least 1"},
	{minimal + "answers: [{after: [30d]}]\n", "5:19: after is a text"},
	{minimal + "answers: [30d]\n", "5:11: an entry of answers says what it is that lets them age"},
	{minimal + "answers: {uses: 1}\n", "5:10: answers is a list"},
	{minimal + "answers:\n  - {uses: 1}\n  - {server: 20020001, uses: 1}\n", `7:14: server is 0x and up to eight hexadecimal digits, such as 0x101f7f1f, not "20020001"`},
	{minimal + "answers: [{age: 1}]\n", `5:12: an entry of answers has no key "age"`},
	{minimal + "log: {level: loud}\n", `5:14: level can't be "loud"`},
	{minimal + "log: {format: xml}\n", `5:15: format can't be "xml"`},
	{minimal + "log: {mask: [all]}\n", `5:14: a masked field can't be "all"`},
	{minimal + "plug-ins: {evaluators: {0x0: destination}}\n", "5:25: the evaluator 0x00000000 is the built-in one, which nobody replaces"},
	{minimal + "plug-ins: {evaluators: {0x1: terminal}}\n", `5:30: the evaluator can't be "terminal"`},
	{minimal + "plug-ins: {creators: {0x1: attached, 0x01: attached}}\n", "5:38: 0x01 is given twice"},
	{minimal + "plug-ins: {creators: {5: attached}}\n", `5:23: the UID of a plug-in is 0x and up to eight hexadecimal digits, such as 0x101f7f1f, not "5"`},

	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {}\n", "5:5: a listener needs unix or tcp"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {}\n  - {}\n", "5:5: a listener needs unix or tcp\nc:6:5: a listener needs unix or tcp"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {unix: s, tcp: ':1'}\n", "5:5: a listener has unix or tcp, not both"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {tcp: ':1'}\n", "5:5: a TCP listener needs certificate, key, clients"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {tcp: ':1', certificate: c, key: k}\n", "5:5: a TCP listener needs clients"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {tcp: ':1', mode: 0600}\n", `5:17: a TCP listener has no key "mode"`},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {tcp: '7443'}\n", "5:11: tcp can't be 7443"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {tcp: 'a:65536'}\n", "5:11: tcp can't be a:65536"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {unix: '@ups'}\n", "5:12: @ups is a socket without a file, which has no owner and no mode"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {unix: " + long + "}\n", "5:12: the path of a socket has up to 103 bytes, and this is longer"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {unix: s, mode: 888}\n", "5:21: mode is up to 0777, in octal digits, such as 0660"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {unix: s, mode: 01000}\n", "5:21: mode is up to 0777, in octal digits, such as 0660"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {unix: s, mode: 01777}\n", "5:21: mode is up to 0777, in octal digits, such as 0660"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {unix: s, owner: nobody-here}\n", "5:22: owner: there is no nobody-here"},
	{"policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten:\n  - {unix: s}\n  - {unix: s}\n", "6:5: s is listened on twice"},

	{identity + "{uid: 1}", "5:5: an identity needs name"},
	{identity + "{name: a}", "5:5: the identity doesn't say who has it"},
	{identity + "{name: a, executable: /a}", "5:5: an executable or a unit alone is no identity: it needs a uid or a gid beside it"},
	{identity + "{name: a, unit: a.service}", "5:5: an executable or a unit alone is no identity: it needs a uid or a gid beside it"},
	{identity + "{name: a, uid: 1, certificate: {dns: a}}", "5:5: a caller has a certificate or is a process of this machine, not both"},
	{identity + "{name: a, certificate: {}}", "5:28: any certificate would do"},
	{identity + "{name: a, certificate: {fingerprint: ab}}", "5:42: fingerprint is a SHA-256, 64 hexadecimal digits"},
	{identity + "{name: a, uid: 4294967295}", "5:20: uid: there is no 4294967295"},
	{identity + "{name: a, uid: 1, executable: a}", "5:35: an executable is a path from the root, without . and .., and a is not"},
	{identity + "{name: a, uid: 1, unit: a}", "5:29: unit is the name of a service or a scope of systemd"},
	{identity + "{name: a, uid: 1, capabilities: [ProtServ]}", "5:5: a caller with ProtServ is a system server, and needs its sid"},
	{identity + "{name: a, uid: 1, sid: 0x1, capabilities: [All]}", `5:48: a capability can't be "All"`},
	{identity + "{name: a, uid: 1, attach: {creators: [0x1]}}", "5:43: 0x1 isn't among the creators that attach themselves"},
	{identity + "{name: a, uid: 1, status: maybe}", `5:31: status can't be "maybe"`},
	{identity + "{name: a, uid: 1, reload: maybe}", `5:31: reload can't be "maybe"`},
	{identity + "{name: a, uid: 1}\n  - {name: a, uid: 2}", "6:5: there are two identities a"},
	{identity + "{name: a, uid: 1}\n  - {name: b, uid: 1, unit: b.service}", "6:5: nobody gets the identity b: a, above, matches all that it does"},
	{identity + "{name: a, certificate: {dns: a, authority: c}}\n  - {name: b, certificate: {dns: a, authority: ./c, uri: b}}", "6:5: nobody gets the identity b: a, above, matches all that it does"},
	{identity + "{name: a, certificate: {dns: a}}\n  - {name: b, certificate: {dns: a, authority: c}}", "6:5: nobody gets the identity b: a, above, matches all that it does"},
	{identity + "{name: a, certificate: {authority: ''}}", "5:40: authority is empty"},
	{identity + "{name: a, certificate: {dns: a}}\n  - {name: b, certificate: {dns: a, uri: b}}", "6:5: nobody gets the identity b: a, above, matches all that it does"},
}

var long = strings.Repeat("s", 104)

func TestMistakes(t *testing.T) {
	for _, m := range mistakes {
		_, err := Parse("c", []byte(m.text), fakeAccounts{})
		if err == nil || err.Error() != "c:"+m.want {
			t.Errorf("%s\nis said to be %v, want %s", m.text, err, m.want)
		}
	}
}

// TestHints: what people write in place of what is read is answered with what to write.
func TestHints(t *testing.T) {
	const unit = "a time has its unit behind it: write "
	for text, want := range map[string]string{
		"answers: [{after: 30}]":                    unit + "30d",
		"answers: [{after: 30 days}]":               unit + "30d",
		"answers: [{after: 1 Day}]":                 unit + "1d",
		"answers: [{after: 2w}]":                    unit + "14d",
		"answers: [{after: 3months}]":               unit + "90d",
		"answers: [{after: 1 year}]":                unit + "365d",
		"answers: [{after: 12 hours}]":              unit + "12h",
		"answers: [{after: 90 min}]":                unit + "90m",
		"answers: [{after: 90 seconds}]":            unit + "90s",
		"answers: [{after: 0}]":                     "for answers that stay until they are revoked leave it out",
		"answers: [{after: soon}]":                  "for answers that stay until they are revoked leave it out",
		"answers: [{uses: 0}]":                      "for any number of uses leave it out",
		"answers: [{server: 20020001, uses: 1}]":    "write 0x20020001",
		"answers: [{server: 268476426, uses: 1}]":   "in hexadecimal digits that is 0x1000a00a",
		"answers: [{server: 0x101f7f1fa, uses: 1}]": "",
		"answers: [{service: 0x1, uses: 1}]":        "services of several servers may have the same UID",
		"answers: [{days: 30}]":                     "the keys are after, program, server, service, uses",
		"answers: [{use: 30}]":                      "did you mean uses?",
		"answers: [{program: sha256}]":              "it is one of yes, no, true, false",
		"answers: [30d]":                            "write {after: 30d}, or {uses: 100}",
		"answers: {after: 30d}":                     "begin each entry with a hyphen, in a line of its own",
		"log: {mask: client}":                       "write [client]",
		"log: {mask: {client: yes}}":                "begin each entry with a hyphen, in a line of its own",
		"log:\n  mask: client, entity":              "write [client, entity]",
		"log: {mask: 'client'}":                     "begin each entry with a hyphen, in a line of its own",
		"log: {mask: ''}":                           "begin each entry with a hyphen, in a line of its own",
		"panels: {}":                                "did you mean panel?",
		"log:\n\tlevel: info":                       "indent with spaces, since YAML takes no tabs; and put quotes around a text that begins with @, % or `",
		"limits: {sessions: 0}":                     "for the default leave it out",
		"stop: 2":                                   unit + "2s",
		"stop: 2 seconds":                           unit + "2s",
		"stop: 1d":                                  "",
		"deadlines: {display: 5 minutes}":           unit + "5m",
	} {
		_, err := Parse("c", []byte(minimal+text), fakeAccounts{})
		var e *yamlfile.Error
		if !errors.As(err, &e) || e.Hint != want {
			t.Errorf("%s\nhas the hint %q of %v, want %q", text, e.Hint, err, want)
		}
	}
}

// A folder in place of the policies' mapping is answered with the mapping.
func TestPoliciesHint(t *testing.T) {
	_, err := Parse("c", []byte("policies: rom\n"), fakeAccounts{})
	var e *yamlfile.Error
	if !errors.As(err, &e) || e.Hint != "write {rom: rom}" {
		t.Errorf("%v, %+v", err, e)
	}
}

// Each mistake is reported, up to a limit, in the order of their places.
func TestAllMistakes(t *testing.T) {
	_, err := Parse("c", []byte("polices: 1\n"+minimal2+"identities: 3\nidle: x\n"), fakeAccounts{})
	if err == nil || strings.Count(err.Error(), "\n") != 2 || !strings.HasPrefix(err.Error(), "c:1:1: ") {
		t.Error(err)
	}
	var e *yamlfile.Error
	if !errors.As(err, &e) || e.Hint != "did you mean policies?" {
		t.Errorf("%+v", e)
	}
	var text strings.Builder
	for i := range 100 {
		fmt.Fprintf(&text, "k%d: 1\n", i)
	}
	if _, err := Parse("c", []byte(text.String()), fakeAccounts{}); strings.Count(err.Error(), "\n") != yamlfile.MaxMistakes-1 {
		t.Error(err)
	}
}

// Identities that don't match the same are taken in any order.
func TestNarrowFirst(t *testing.T) {
	for _, text := range []string{
		"{name: a, uid: 1, unit: a.service}\n  - {name: b, uid: 1}",
		"{name: a, uid: 1}\n  - {name: b, gid: 1}",
		"{name: a, uid: 1}\n  - {name: b, uid: 2}",
		"{name: a, certificate: {dns: a}}\n  - {name: b, certificate: {uri: a}}",
		"{name: a, certificate: {dns: a, authority: c}}\n  - {name: b, certificate: {dns: a}}",
		"{name: a, certificate: {dns: a, authority: c}}\n  - {name: b, certificate: {dns: a, authority: d}}",
		"{name: a, certificate: {dns: a}}\n  - {name: b, uid: 1}",
		"{name: a, uid: 1}\n  - {name: b, certificate: {dns: a}}",
	} {
		if _, err := Parse("c", []byte(identity+text), fakeAccounts{}); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
