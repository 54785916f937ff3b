// SPDX-License-Identifier: MIT
// Open file descriptors, grouped by what they point to. Runs on the body's thread between rounds, by direct
// system calls. Cost: one readlink a descriptor. Source: proc(5), /proc/self/fd.
#include "census_area.hpp"
#include "raw_system.hpp"

#include <ravel/symbols.hpp>

namespace ravel::checks::detail {

void count_descriptors(left_behind& descriptors) noexcept {
  descriptors.start_count();
  for_each_name("/proc/self/fd", [&](const char* name, int directory) {
    char target[120];
    const long length = system_call(SYS_readlinkat, directory, reinterpret_cast<long>(name),
                                    reinterpret_cast<long>(target), sizeof target - 1);
    if (length <= 0) return;
    target[length] = '\0';
    std::uint64_t number = 0;
    for (const char* digit = name; *digit >= '0' && *digit <= '9'; ++digit)
      number = number * 10 + static_cast<std::uint64_t>(*digit - '0');
    if (number == static_cast<std::uint64_t>(directory)) return;  // this look itself
    if (is_runtime_symbols_descriptor(static_cast<int>(number))) return;
    fixed_text<128> shown;
    shown.clear();
    add_without_numbers(shown, target);
    left_group* group = descriptors.add(finding_kind::leak, mix_text(0x6664ull, shown.c_str()), shown.c_str());
    if (group == nullptr) return;
    group->example.clear();
    group->example.add("fd ").add_number(number);
  });
}

void report_descriptor(left_group& group) noexcept {
  if (group.record == nullptr) {
    group.record = open_finding(group.kind, group.hash);
    if (group.record == nullptr) return;
    group.record->is_informative = true;
    group.record->check.add("census");
    group.record->add_note();
  }
  raw_finding& finding = *group.record;
  finding.what.clear();
  finding.what.add("of file descriptors: ").add_number(group.most).add(" more open after round ");
  finding.what.add_number(group.last_trial).add(" than at the start, all to ").add(group.name.c_str());
  finding.note[0].clear();
  finding.note[0].add("left for the first time by round ").add_number(group.first_trial).add(", the last of them is ");
  finding.note[0].add(group.example.c_str());
  publish(group.record);
}

}  // namespace ravel::checks::detail
