/* SPDX-License-Identifier: MIT */
/* See accounts.h. C11. */
#include "accounts.h"

#include <ravel/annotate.h>

#include <sched.h>
#include <stdatomic.h>

struct account {
  atomic_flag is_locked;
  long balance;
};

static struct account accounts[2];

struct account* account_at(int index) { return &accounts[index]; }

static void lock(struct account* account) {
  RAVEL_LOCK_REQUESTED(account, "account");
  while (atomic_flag_test_and_set_explicit(&account->is_locked, memory_order_acquire)) sched_yield();
  RAVEL_LOCK_ACQUIRED(account, "account");
}

static void unlock(struct account* account) {
  RAVEL_LOCK_RELEASED(account);
  atomic_flag_clear_explicit(&account->is_locked, memory_order_release);
}

void transfer(struct account* from, struct account* to, long amount) {
  lock(from);
  lock(to);
  from->balance -= amount;
  to->balance += amount;
  unlock(to);
  unlock(from);
}

void ordered_transfer(struct account* from, struct account* to, long amount) {
  struct account* first = from < to ? from : to;
  struct account* second = from < to ? to : from;
  lock(first);
  lock(second);
  from->balance -= amount;
  to->balance += amount;
  unlock(second);
  unlock(first);
}
