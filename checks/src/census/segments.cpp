// SPDX-License-Identifier: MIT
// Shared memory segments: names in /dev/shm that belong to this user and were not there before. The kernel does not
// say which process made a segment: those that this program was seen to make count, the others are told in a note.
// Runs on the body's thread between rounds. Cost: one fstatat a name.
#include "census_area.hpp"
#include "raw_system.hpp"

#include <sys/stat.h>

namespace ravel::checks::detail {

void name_filter::add(const char* name) noexcept {
  const std::uint64_t bit = mix_text(0x6D616465ull, name) % bits;
  words[bit / 64].fetch_or(1ull << (bit % 64), std::memory_order_relaxed);  // relaxed: read after the threads' join
}

bool name_filter::may_have(const char* name) const noexcept {
  const std::uint64_t bit = mix_text(0x6D616465ull, name) % bits;
  return (words[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) != 0;
}

void count_segments(const name_filter& made, left_behind& segments, left_behind& foreign) noexcept {
  segments.start_count();
  foreign.start_count();
  const long user = system_call(SYS_getuid);
  for_each_name("/dev/shm", [&](const char* name, int directory) {
    struct stat status;
    if (system_call(SYS_newfstatat, directory, reinterpret_cast<long>(name), reinterpret_cast<long>(&status), 0) != 0)
      return;
    if (static_cast<long>(status.st_uid) != user) return;
    fixed_text<128> shown;
    shown.clear();
    shown.add("/dev/shm/");
    add_without_numbers(shown, name);
    left_behind& where = made.may_have(name) ? segments : foreign;
    left_group* group = where.add(finding_kind::leak, mix_text(0x73686Dull, shown.c_str()), shown.c_str());
    if (group == nullptr) return;
    group->example.clear();
    group->example.add(name);
  });
}

void report_segment(left_group& group) noexcept {
  if (group.record == nullptr) {
    group.record = open_finding(group.kind, group.hash);
    if (group.record == nullptr) return;
    group.record->is_informative = true;
    group.record->check.add("census");
    group.record->add_note();
  }
  raw_finding& finding = *group.record;
  finding.what.clear();
  finding.what.add("of shared memory segments: ").add_number(group.most).add(" more after round ");
  finding.what.add_number(group.last_trial).add(" than at the start, all named ").add(group.name.c_str());
  finding.note[0].clear();
  finding.note[0]
      .add("left for the first time by round ")
      .add_number(group.first_trial)
      .add(", the last one seen is \"");
  finding.note[0].add(group.example.c_str()).add("\": shm_unlink is missing on some path");
  publish(group.record);
}

}  // namespace ravel::checks::detail
