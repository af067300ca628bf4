#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "set.h"

struct policy {
	std::vector<uint32_t> sids;
	uint32_t classes, results;

	bool matches(uint32_t sid, uint32_t passed) const {
		if ((results >> passed & 1) == 0) return false;
		if (sids.empty()) return (classes >> (sid >> 28) & 1) != 0;
		return std::find(sids.begin(), sids.end(), sid) != sids.end();
	}
};

// search looks for the first of the policies whose expression matches that is
// also for the SID and the result.
struct search {
	const std::vector<policy> &policies;
	uint32_t sid, passed;
	size_t best; // as many as there are policies if none was found

	void found(size_t i) {
		if (i < best && policies[i].matches(sid, passed)) best = i;
	}
};

// set is the policies, and a library that knows their expressions by index.
struct set {
	std::vector<policy> policies;
	std::vector<std::string> expressions;
	std::string error;

	virtual ~set() {}
	virtual void compile() = 0; // sets error if it fails
	virtual bool scan(const char *text, size_t length, search &) = 0;
};
