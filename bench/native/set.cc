//go:build native

#include "set.hh"

void set_free(set *s) { delete s; }

void set_add(set *s, const char *expression, const uint32_t *sids, size_t sid_count, uint32_t classes, uint32_t results) {
	s->expressions.push_back(expression);
	s->policies.push_back({std::vector<uint32_t>(sids, sids + sid_count), classes, results});
}

const char *set_compile(set *s) {
	s->compile();
	return s->error.empty() ? nullptr : s->error.c_str();
}

int set_decide(set *s, uint32_t sid, uint32_t passed, const char *text, size_t length) {
	search found{s->policies, sid, passed, s->policies.size()};
	if (!s->scan(text, length, found)) return -2;
	return found.best < s->policies.size() ? int(found.best) : -1;
}
