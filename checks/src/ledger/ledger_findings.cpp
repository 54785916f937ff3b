// SPDX-License-Identifier: MIT
// What the ledger found, put into finding records in place. The words are the product: each says what is
// wrong with which entry, who holds or released it, where, and what the other entries did.
// Thread safety: missing entries and foreign releases are reported on the acting thread; the rest on the
// thread that runs the body. No allocation, no lock, no libc call.
#include "ledger_area.hpp"

namespace ravel::checks::detail {
namespace {

void put_stack(raw_actor& actor, const ledger_area& area, std::uint32_t number) noexcept {
  const raw_stack* stack = area.stacks.stack_of(number);
  if (stack != nullptr) copy_bytes(&actor.stack, stack, sizeof actor.stack);
}

raw_actor& add_actor(raw_finding& finding, const ledger_area& area, std::uint32_t by, const char* action,
                     std::uint32_t at) noexcept {
  raw_actor& actor = finding.add_actor();
  actor.thread.add(area.texts.text_of(by));
  actor.action.add(action);
  put_stack(actor, area, at);
  return actor;
}

void put_key(raw_finding& finding, const ledger_area& area, std::uint32_t pool, const stored_key& key) noexcept {
  finding.what.add("pool=").add(area.pools[pool].name.c_str()).add(" key=");
  show_key(finding.what, key.value, key.shape, key.text);
}

void put_headline(raw_finding& finding, const ledger_area& area, std::uint32_t pool, const stored_key& key) noexcept {
  finding.check.add("ledger");
  put_key(finding, area, pool, key);
}

std::uint64_t signature_of(const ledger_area& area, finding_kind kind, std::uint32_t pool, std::uint32_t one,
                           std::uint32_t other) noexcept {
  std::uint64_t hash = mix_text(static_cast<std::uint64_t>(kind) + 0x1ED6E4, area.pools[pool].name.c_str());
  for (const std::uint32_t number : {one, other}) {
    const raw_stack* stack = area.stacks.stack_of(number);
    hash = stack != nullptr ? mix_stack(hash, *stack) : mix(hash, 0);
  }
  return hash;
}

// "17 times (1 per round, rounds 3-19)"
void add_counts(fixed_text<256>& out, const unreleased_group& group) noexcept {
  if (group.total == 1) {
    out.add(", once (").add(trial_word()).add(" ").add_number(group.first_trial).add(")");
    return;
  }
  if (group.has_other_keys != 0) out.add(" and other keys");
  out.add(", ").add_number(group.total).add(" times (");
  if (group.trials == 1) {
    out.add(trial_word()).add(" ").add_number(group.first_trial).add(")");
    return;
  }
  if (group.total % group.trials == 0)
    out.add_number(group.total / group.trials).add(" per ").add(trial_word()).add(", ");
  else
    out.add("in ").add_number(group.trials).add(" ").add(trial_word()).add("s, ");
  if (group.last_trial - group.first_trial + 1 == group.trials)
    out.add(trial_word());
  else
    out.add("between ").add(trial_word());
  out.add("s ");
  out.add_number(group.first_trial).add(group.last_trial - group.first_trial + 1 == group.trials ? "-" : " and ");
  out.add_number(group.last_trial).add(")");
}

unreleased_group* group_of(ledger_area& area, const entry& left) noexcept {
  for (std::uint32_t i = 0; i < area.group_count; ++i) {
    unreleased_group& group = area.groups[i];
    if (group.pool == left.pool && group.acquired_at == left.acquired_at) return &group;
  }
  if (area.group_count == ledger_area::group_capacity) return nullptr;
  unreleased_group& group = area.groups[area.group_count++];
  group.pool = left.pool;
  group.acquired_at = left.acquired_at;
  return &group;
}

void fill_unreleased(ledger_area& area, const entry& left, std::uint64_t trial, raw_finding& finding) noexcept {
  raw_actor& holder = add_actor(finding, area, left.held_by, "", left.acquired_at);
  if ((left.flags & entry::is_transferred) != 0)
    holder.action.add("owns it by transfer; it was acquired");
  else
    holder.action.add("acquired it and holds it still");
  holder.object.add("since round ").add_number(left.trial != 0 ? left.trial : trial);
  if (left.touched_at == stack_table::unknown && left.touched_by == text_table::unknown) return;
  const bool is_transfer = (left.flags & entry::is_transferred) != 0;
  raw_actor& toucher = add_actor(finding, area, left.touched_by,
                                 is_transfer ? "touched or transferred it last" : "touched it last", left.touched_at);
  if (left.hint != text_table::unknown) toucher.object.add('"').add(area.texts.text_of(left.hint)).add('"');
}

// The contrast takes the record's last actor and first note; both are rewritten as the counts grow.
void put_contrast(ledger_area& area, unreleased_group& group, raw_finding& finding) noexcept {
  const stack_table::contrast siblings = area.stacks.siblings_of(group.acquired_at);
  finding.note[0].clear();
  finding.note_count = 1;
  if (siblings.released == 0) {
    finding.note[0].add("no entry acquired there was ever released: the release is missing altogether");
    return;
  }
  if (group.contrast_actor == 0) {
    finding.add_actor();
    group.contrast_actor = finding.actor_count - 1;
  }
  raw_actor& actor = finding.actor[group.contrast_actor];
  actor.thread.clear();
  actor.action.clear();
  actor.thread.add_number(siblings.at_most_used).add(siblings.at_most_used == 1 ? " other" : " others");
  actor.action.add(siblings.at_most_used == 1 ? "was released" : "were released");
  put_stack(actor, area, siblings.released_at);
  finding.note[0].add_number(siblings.released).add(siblings.released == 1 ? " other entry" : " other entries");
  finding.note[0].add(" acquired there ").add(siblings.released == 1 ? "was" : "were").add(" released");
  if (siblings.at_most_used != siblings.released) finding.note[0].add(", most of them");
  finding.note[0].add(" at the last place shown above: the path skipped here");
}

void add_amount(fixed_text<256>& out, std::uint64_t thousandths) noexcept {
  out.add_number(thousandths / 1000);
  if (thousandths < 10'000 && thousandths % 1000 != 0) out.add('.').add_number(thousandths % 1000 / 100);
}

}  // namespace

void show_key(fixed_text<256>& out, std::uint64_t value, std::uint8_t shape, const char* text) noexcept {
  switch (static_cast<entry_key::form>(shape)) {
    case entry_key::form::number: out.add_number(value); break;
    case entry_key::form::signed_number: out.add_signed(static_cast<std::int64_t>(value)); break;
    case entry_key::form::address: out.add_hex(value); break;
    case entry_key::form::text: out.add('"').add(text).add('"'); break;
  }
}

void report_missing_entry(ledger_area& area, finding_kind kind, const sighting& now, const grave& last_release,
                          const char* hint) noexcept {
  // Entries for which there was no room are unknown, so nothing can be said of a key that is not found.
  if (area.pools[now.pool].untracked.load(std::memory_order_relaxed) != 0) return;
  const bool is_known = last_release.pool == now.pool && last_release.owner == now.owner &&
                        last_release.key == now.key.value && last_release.epoch == area.entries.epoch();
  raw_finding* finding = open_finding(
      kind, signature_of(area, kind, now.pool, now.at, is_known ? last_release.released_at : stack_table::unknown));
  if (finding == nullptr) return;
  put_headline(*finding, area, now.pool, now.key);
  const bool is_release = kind == finding_kind::double_release;
  const char* action = is_release ? (is_known ? "released it again" : "released it") : "used it";
  raw_actor& actor = add_actor(*finding, area, now.by, action, now.at);
  if (hint != nullptr) actor.object.add('"').add(hint).add('"');
  if (is_known) {
    finding->what.add(is_release ? ": released twice" : ": used after its release");
    add_actor(*finding, area, last_release.released_by, is_release ? "released it first" : "had released it",
              last_release.released_at);
    raw_actor& acquirer =
        add_actor(*finding, area, last_release.acquired_by, "had acquired it", last_release.acquired_at);
    acquirer.object.add("in round ").add_number(last_release.trial);
  } else {
    finding->what.add(is_release ? ": released, but nobody holds it" : ": used, but nobody holds it");
    finding->add_note()
        .add("the ledger has no release of this key on record: it was never acquired")
        .add(now.owner != nullptr ? " in this object" : "")
        .add(", or acquired() is said later than this");
  }
  publish(finding);
}

void report_foreign_release(ledger_area& area, const sighting& now, const entry& released) noexcept {
  const finding_kind kind = finding_kind::foreign_release;
  raw_finding* finding = open_finding(kind, signature_of(area, kind, now.pool, now.at, released.acquired_at));
  if (finding == nullptr) return;
  put_headline(*finding, area, now.pool, now.key);
  finding->what.add(": released by a thread that does not own it");
  add_actor(*finding, area, now.by, "released it", now.at);
  const bool is_transfer = (released.flags & entry::is_transferred) != 0;
  raw_actor& owner = add_actor(*finding, area, released.held_by,
                               is_transfer ? "owns it by transfer; it was acquired" : "had acquired it and owns it",
                               released.acquired_at);
  owner.object.add("since round ").add_number(released.trial);
  finding->add_note().add(
      "only the owner may release entries of this pool (ledger_options::only_owner_releases); if the hand-over is meant, "
      "say transferred(key, \"role\") before");
  publish(finding);
}

void report_unreleased(ledger_area& area, std::uint64_t trial, const entry& left) noexcept {
  unreleased_group* group = group_of(area, left);
  if (group == nullptr) {
    ++area.ungrouped;
    return;
  }
  if (group->counted_in != area.round) {
    // Known already or not: counts this round.
    const finding_kind kind = finding_kind::unreleased;
    raw_finding* made = open_finding(kind, signature_of(area, kind, left.pool, left.acquired_at, stack_table::unknown));
    if (made != nullptr) {
      group->record = made;
      made->check.add("ledger");
      fill_unreleased(area, left, trial, *made);
    }
    if (group->total == 0) {
      group->first_trial = trial;
      group->key.value = left.key;
      group->key.shape = left.shape;
      copy_bytes(group->key.text, left.text, sizeof group->key.text);
    }
    group->counted_in = area.round;
    group->last_trial = trial;
    ++group->trials;
  }
  ++group->total;
  if (group->key.value != left.key) group->has_other_keys = 1;
}

void update_unreleased(ledger_area& area) noexcept {
  for (std::uint32_t i = 0; i < area.group_count; ++i) {
    unreleased_group& group = area.groups[i];
    if (group.counted_in != area.round || group.record == nullptr) continue;
    group.record->what.clear();
    put_key(*group.record, area, group.pool, group.key);
    add_counts(group.record->what, group);
    put_contrast(area, group, *group.record);
    publish(group.record);
  }
}

void report_growth(ledger_area& area, pool_record& pool, const growth& growth, const char* of,
                   raw_finding*& record) noexcept {
  if (record == nullptr) {
    const std::uint64_t signature = mix_text(mix_text(0x6A0774ull, pool.name.c_str()), of);
    record = open_finding(finding_kind::growth, signature);
    if (record == nullptr) return;
    record->check.add("ledger");
    record->add_note();
  }
  record->is_informative = false;
  record->what.clear();
  record->what.add("pool=").add(pool.name.c_str()).add(" keeps ");
  add_amount(record->what, growth.per_1000_trials());
  record->what.add(" more ").add(of).add(" with each round: ").add_number(growth.first_value).add(" after round ");
  record->what.add_number(growth.first_trial).add(", ").add_number(growth.last_value).add(" after round ");
  record->what.add_number(growth.last_trial);
  record->note[0].clear();
  record->note[0].add("what is kept for reuse reaches a plateau; this does not flatten");
  const std::uint32_t reason = pool.reason.load(std::memory_order_relaxed);
  if (reason != text_table::unknown)
    record->note[0].add(" (said to be retained: ").add(area.texts.text_of(reason)).add(")");
  record->note[0].add(". If the pool has a bound that was not reached here, say so with ledger_options::growth_limit");
  publish(record);
}

}  // namespace ravel::checks::detail
