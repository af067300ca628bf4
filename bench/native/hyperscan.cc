//go:build native

#include <hs/hs.h>

#include "set.hh"

namespace {

struct hyperscan : set {
	hs_database_t *database = nullptr;
	hs_scratch_t *scratch = nullptr;

	~hyperscan() override {
		hs_free_scratch(scratch);
		hs_free_database(database);
	}

	void compile() override {
		const unsigned n = expressions.size();
		std::vector<const char *> texts;
		std::vector<unsigned> ids;
		for (unsigned i = 0; i < n; i++) {
			texts.push_back(expressions[i].c_str());
			ids.push_back(i);
		}
		const std::vector<unsigned> flags(n, HS_FLAG_CASELESS | HS_FLAG_DOTALL);
		hs_compile_error_t *failure = nullptr;
		if (hs_compile_multi(texts.data(), flags.data(), ids.data(), n, HS_MODE_BLOCK, nullptr, &database, &failure) != HS_SUCCESS) {
			error = failure->message;
			hs_free_compile_error(failure);
		} else if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) {
			error = "no memory for the scratch space";
		}
	}

	static int on_match(unsigned id, unsigned long long, unsigned long long, unsigned, void *context) {
		static_cast<search *>(context)->found(id);
		return 0;
	}

	bool scan(const char *text, size_t length, search &s) override {
		return hs_scan(database, text, length, 0, scratch, on_match, &s) == HS_SUCCESS;
	}
};

} // namespace

set *set_new_hyperscan(void) { return new hyperscan; }
