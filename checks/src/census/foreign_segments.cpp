// SPDX-License-Identifier: MIT
// Names in /dev/shm that belong to this user, were not there before, and that this program was not seen to make: the
// kernel does not say which process made them, so they are told in a note only.
// Runs on the body's thread between rounds. Cost: one fstatat a name.
#include "census_area.hpp"
#include "raw_system.hpp"

#include <sys/stat.h>

namespace ravel::checks::detail {

void count_foreign_segments(const made_names& made, left_behind& foreign) noexcept {
  foreign.start_count();
  const long user = system_call(SYS_getuid);
  for_each_name("/dev/shm", [&](const char* name, int directory) {
    fixed_text<256> path{};
    path.add("/dev/shm/").add(name);
    if (made.ever.may_have(path.c_str())) return;
    struct stat status;
    if (system_call(SYS_newfstatat, directory, reinterpret_cast<long>(name), reinterpret_cast<long>(&status), 0) != 0)
      return;
    if (static_cast<long>(status.st_uid) != user) return;
    fixed_text<128> shown{};
    shown.add("/dev/shm/");
    add_without_numbers(shown, name);
    left_group* group = foreign.add(finding_kind::leak, mix_text(0x73686Dull, shown.c_str()), shown.c_str());
    if (group == nullptr) return;
    group->example.clear();
    group->example.add(name);
  });
}

}  // namespace ravel::checks::detail
