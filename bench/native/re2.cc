//go:build native

#include <re2/re2.h>
#include <re2/set.h>

#include "set.hh"

namespace {

RE2::Options options() {
	RE2::Options o(RE2::Latin1); // a byte is a letter, which is quicker
	o.set_case_sensitive(false);
	o.set_dot_nl(true);
	o.set_max_mem(256 << 20);
	return o;
}

struct re2_set : set {
	RE2::Set library{options(), RE2::UNANCHORED};
	std::vector<int> matches; // of one scan, kept for its room

	void compile() override {
		for (const std::string &e : expressions) {
			if (library.Add(e, &error) < 0) return;
		}
		if (!library.Compile()) error = "no memory for the automaton";
	}

	bool scan(const char *text, size_t length, search &s) override {
		RE2::Set::ErrorInfo failure;
		matches.clear();
		library.Match(re2::StringPiece(text, length), &matches, &failure);
		for (int i : matches) s.found(i);
		return failure.kind == RE2::Set::kNoError;
	}
};

} // namespace

set *set_new_re2(void) { return new re2_set; }
