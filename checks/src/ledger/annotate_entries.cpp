// SPDX-License-Identifier: MIT
// The functions behind the entry macros of ravel/annotate.h: a pool by its name, made at its first use and
// checked per round. Any thread; outside a run they return at once. Cost: the ledger's, and a hash of the name.
#include "ledger_area.hpp"

#include <ravel/annotate.h>

using ravel::checks::entry_key;
namespace detail = ravel::checks::detail;

namespace {

std::uint32_t pool_of(const char* name) noexcept {
  detail::ledger_area* area = detail::area_in_use();
  return area == nullptr || name == nullptr ? 0 : area->pool_named(name);
}

}  // namespace

// Called by the check, so that an archive gives this file away together with it: weak references do not.
void detail::link_entry_annotations() noexcept {}

extern "C" {

#define RAVEL_EXPORTED __attribute__((visibility("default")))

RAVEL_EXPORTED void ravel_entry_acquired(const char* pool, unsigned long long key) {
  RAVEL_LEDGER_CALL(static_cast<void>(detail::entry_acquired(pool_of(pool), nullptr, entry_key(key))));
}
RAVEL_EXPORTED void ravel_entry_touched(const char* pool, unsigned long long key, const char* hint) {
  RAVEL_LEDGER_CALL(detail::entry_touched(pool_of(pool), nullptr, entry_key(key), hint));
}
RAVEL_EXPORTED void ravel_entry_transferred(const char* pool, unsigned long long key, const char* to) {
  RAVEL_LEDGER_CALL(detail::entry_transferred(pool_of(pool), nullptr, entry_key(key), to));
}
RAVEL_EXPORTED void ravel_entry_released(const char* pool, unsigned long long key) {
  RAVEL_LEDGER_CALL(detail::entry_released(pool_of(pool), nullptr, entry_key(key)));
}

RAVEL_EXPORTED void ravel_entry_acquired_in(const void* owner, const char* pool, unsigned long long key) {
  RAVEL_LEDGER_CALL(static_cast<void>(detail::entry_acquired(pool_of(pool), owner, entry_key(key))));
}
RAVEL_EXPORTED void ravel_entry_touched_in(const void* owner, const char* pool, unsigned long long key,
                                           const char* hint) {
  RAVEL_LEDGER_CALL(detail::entry_touched(pool_of(pool), owner, entry_key(key), hint));
}
RAVEL_EXPORTED void ravel_entry_transferred_in(const void* owner, const char* pool, unsigned long long key,
                                               const char* to) {
  RAVEL_LEDGER_CALL(detail::entry_transferred(pool_of(pool), owner, entry_key(key), to));
}
RAVEL_EXPORTED void ravel_entry_released_in(const void* owner, const char* pool, unsigned long long key) {
  RAVEL_LEDGER_CALL(detail::entry_released(pool_of(pool), owner, entry_key(key)));
}
}
