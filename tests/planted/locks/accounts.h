/* SPDX-License-Identifier: MIT */
/* Production code in C with spin locks of its own making, told by annotations: accounts that money moves between.
   transfer locks in the order given, so two at once in opposite directions can deadlock; ordered_transfer locks by
   address. */
#ifndef PLANTED_ACCOUNTS_H
#define PLANTED_ACCOUNTS_H

#ifdef __cplusplus
extern "C" {
#endif

struct account;
struct account* account_at(int index); /* 0 or 1 */
void transfer(struct account* from, struct account* to, long amount);
void ordered_transfer(struct account* from, struct account* to, long amount);

#ifdef __cplusplus
}
#endif

#endif
