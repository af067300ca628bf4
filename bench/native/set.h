// The interface of Go to a set of policies. Each library has its own class.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct set set;

set *set_new_hyperscan(void);
set *set_new_re2(void);
void set_free(set *);

// set_add adds a policy. SIDs are listed, or none are and it has classes.
// Results has bit 0 for failed, bit 1 for passed.
void set_add(set *, const char *expression, const uint32_t *sids, size_t sid_count, uint32_t classes, uint32_t results);

// set_compile returns NULL, or an error that lives as long as the set.
const char *set_compile(set *);

// set_decide returns the index of the first policy that matches, -1 if none
// does, -2 if the library fails.
int set_decide(set *, uint32_t sid, uint32_t passed, const char *text, size_t length);

#ifdef __cplusplus
}
#endif
