// SPDX-License-Identifier: MIT
// A session is given back to the other one of two caches that use the same keys: nobody would see it by the keys alone.
#include "../planted.hpp"

#include <ravel/annotate.h>

namespace {

class twin_cache {
 public:
  void open(int key) const { RAVEL_ENTRY_ACQUIRED_IN(this, "twin sessions", key); }
  void use(int key) const { RAVEL_ENTRY_TOUCHED_IN(this, "twin sessions", key, "read"); }
  void close(int key) const { RAVEL_ENTRY_RELEASED_IN(this, "twin sessions", key); }
};

}  // namespace

RAVEL_PLANTED({.bug = "wrong_owner",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::unreleased},
               .lanes = {"plain", "thread", "address", "memcheck", "helgrind", "drd"},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 const twin_cache cache[2];
                 trial.threads(4, "client", [&](ravel::worker& me) {
                   const unsigned own = me.index() % 2;
                   const int key = static_cast<int>(me.index() / 2);
                   for (int i = 0; i < 50; ++i) {
                     cache[own].open(key);
                     cache[own].use(key);
                     cache[i == 25 ? 1 - own : own].close(key);
                   }
                 });
                 trial.run();
               }});
