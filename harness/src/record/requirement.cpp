// SPDX-License-Identifier: MIT
// See requirement.hpp. Equal site and text are one finding, counted over trials; the values shown are those of
// its first sighting.
#include "requirement.hpp"

#include <ravel/finding.hpp>
#include <ravel/thread_record.hpp>

namespace ravel::detail {

void record_failed_requirement(const char* what, const shown* left, const shown* right, site place) noexcept {
  const std::uint64_t hash = mix_text(mix(mix_text(3, place.file), place.line), what);
  raw_finding* finding = open_finding(finding_kind::requirement, hash);
  if (finding == nullptr) return;
  finding->check.add("require");
  finding->what.add('"').add(what == nullptr ? "" : what).add('"');
  if (left != nullptr && right != nullptr)
    finding->what.add(": ").add(left->c_str()).add(" is not equal to ").add(right->c_str());
  raw_actor& actor = finding->add_actor();
  const thread_record* record = this_thread();
  actor.thread.add(record == nullptr ? "a thread" : record->name.c_str());
  actor.action.add("required it");
  actor.place = place;
  capture_stack(actor.stack, 1);
  publish(finding);
}

}  // namespace ravel::detail

namespace ravel {

void shown::add_decimal(double value) noexcept {
  // Six significant digits are enough to see what is wrong, and need no locale.
  if (value != value) {
    text_.add("nan");
    return;
  }
  if (value < 0) {
    text_.add('-');
    value = -value;
  }
  if (value > 1.7e308) {
    text_.add("inf");
    return;
  }
  int exponent = 0;
  while (value >= 1e15) value /= 10, ++exponent;
  while (value != 0 && value < 1e-5) value *= 10, --exponent;
  const auto whole = static_cast<std::uint64_t>(value);
  text_.add_number(whole).add('.');
  double rest = value - static_cast<double>(whole);
  for (int i = 0; i < 6; ++i) {
    rest *= 10;
    const int digit = static_cast<int>(rest);
    text_.add(static_cast<char>('0' + digit));
    rest -= digit;
  }
  if (exponent != 0) text_.add('e').add_signed(exponent);
}

}  // namespace ravel
