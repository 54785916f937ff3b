// SPDX-License-Identifier: MIT
// Robust mutexes: whoever comes after an owner that ended is told so, and can make the mutex usable again.
#include "behaviour.hpp"
#include "mutex_of.hpp"

#include <cerrno>
#include <new>
#include <thread>

#include <pthread.h>

namespace {

struct robust_mutex : mutex_of {
  explicit robust_mutex(int type = PTHREAD_MUTEX_NORMAL) : mutex_of(PTHREAD_PRIO_NONE, true, type) {}
};

}  // namespace

RAVEL_BEHAVIOUR({.name = "robust mutex: the next owner recovers it", .options = {}, .body = [](ravel::trial& trial) {
                   trial.thread("owner", [](ravel::worker& me) {
                     for (const int type : {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK}) {
                       robust_mutex lock(type);
                       std::thread([&] { pthread_mutex_lock(lock); }).join();
                       me.require_equal(pthread_mutex_lock(lock), EOWNERDEAD, "told");
                       me.require_equal(pthread_mutex_consistent(lock), 0, "recovered");
                       me.require_equal(pthread_mutex_unlock(lock), 0, "given back");
                       me.require_equal(pthread_mutex_lock(lock), 0, "as before");
                       me.require_equal(pthread_mutex_unlock(lock), 0, "given back once more");
                     }
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "robust mutex: taken again by its owner", .options = {}, .body = [](ravel::trial& trial) {
                   trial.threads(2, "owner", [](ravel::worker& me) {
                     robust_mutex checked(PTHREAD_MUTEX_ERRORCHECK), recursive(PTHREAD_MUTEX_RECURSIVE);
                     pthread_mutex_lock(checked);
                     me.require_equal(pthread_mutex_lock(checked), EDEADLK, "refused");
                     me.require_equal(pthread_mutex_trylock(checked), EDEADLK, "and so is a try, by glibc");
                     std::thread([&] { me.require_equal(pthread_mutex_trylock(checked), EBUSY, "still held"); }).join();
                     me.require_equal(pthread_mutex_unlock(checked), 0, "given back");
                     pthread_mutex_lock(recursive);
                     me.require_equal(pthread_mutex_lock(recursive), 0, "twice");
                     pthread_mutex_unlock(recursive);
                     std::thread([&] {
                       me.require_equal(pthread_mutex_trylock(recursive), EBUSY, "held once");
                     }).join();
                     me.require_equal(pthread_mutex_unlock(recursive), 0, "given back");
                   });
                   trial.run();
                 }});

// The memory was a robust mutex's, which was left held and never used again: nothing of that clings to it.
RAVEL_BEHAVIOUR({.name = "a mutex where a robust one was",
                 .due = ravel::finding_kind::deadlock,
                 .options = {.executions = 5, .without = {"deadlock"}},
                 .body = [](ravel::trial& trial) {
                   trial.thread("starter", [](ravel::worker&) {
                     alignas(robust_mutex) unsigned char memory[sizeof(robust_mutex)];
                     auto* robust = new (memory) robust_mutex;
                     std::thread([=] {
                       pthread_mutex_lock(*robust);
                       pthread_mutex_unlock(*robust);
                     }).join();
                     robust->~robust_mutex();
                     auto* plain = new (memory) pthread_mutex_t PTHREAD_MUTEX_INITIALIZER;
                     std::thread([=] { pthread_mutex_lock(plain); }).join();
                     pthread_mutex_lock(plain);  // for ever
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR(
    {.name = "robust mutex: two wait for an owner that ends", .options = {}, .body = [](ravel::trial& trial) {
       robust_mutex lock;
       int told = 0, taken = 0;
       trial.thread("starter", [&](ravel::worker&) { std::thread([&] { pthread_mutex_lock(lock); }).join(); });
       trial.threads(2, "waiter", [&](ravel::worker& me) {
         const int error = pthread_mutex_lock(lock);
         me.require(error == 0 || error == EOWNERDEAD, "it is taken");
         ++taken;
         if (error == EOWNERDEAD) {
           ++told;
           me.require_equal(pthread_mutex_consistent(lock), 0, "recovered");
         }
         pthread_mutex_unlock(lock);
       });
       trial.run();
       trial.require_equal(taken, 2, "both had it");
       trial.require(told <= 1, "one of them is told, or neither, and then it comes first");
       if (told == 0) trial.require_equal(pthread_mutex_lock(lock), EOWNERDEAD, "it is still to be told");
       if (told == 0) pthread_mutex_consistent(lock);
       if (told == 0) pthread_mutex_unlock(lock);
     }});

RAVEL_BEHAVIOUR({.name = "robust mutex: not recovered", .options = {}, .body = [](ravel::trial& trial) {
                   robust_mutex lock;
                   trial.thread("owner", [&](ravel::worker& me) {
                     std::thread([&] { pthread_mutex_lock(lock); }).join();
                     me.require_equal(pthread_mutex_trylock(lock), EOWNERDEAD, "told by trylock");
                     me.require_equal(pthread_mutex_unlock(lock), 0, "given back as it is");
                   });
                   trial.run();
                   trial.threads(2, "late", [&](ravel::worker& me) {
                     me.require_equal(pthread_mutex_lock(lock), ENOTRECOVERABLE, "never again");
                     me.require_equal(pthread_mutex_trylock(lock), ENOTRECOVERABLE, "nor tried");
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "robust mutex: with a time limit, and in a wait",
                 .options = {},
                 .body = [](ravel::trial& trial) {
                   robust_mutex lock;
                   pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
                   bool is_left = false;
                   trial.thread("waiter", [&](ravel::worker& me) {
                     int error = pthread_mutex_lock(lock);
                     me.require(error == 0 || error == EOWNERDEAD, "taken");
                     if (error == EOWNERDEAD) pthread_mutex_consistent(lock);
                     while (!is_left) {
                       error = pthread_cond_wait(&condition, lock);
                       me.require(error == 0 || error == EOWNERDEAD, "waited");
                       if (error == EOWNERDEAD) pthread_mutex_consistent(lock);
                     }
                     pthread_mutex_unlock(lock);
                   });
                   trial.thread("starter", [&](ravel::worker&) {
                     std::thread([&] {
                       timespec until{};
                       clock_gettime(CLOCK_REALTIME, &until);
                       until.tv_sec += 1000;
                       if (pthread_mutex_timedlock(lock, &until) == EOWNERDEAD) pthread_mutex_consistent(lock);
                       is_left = true;
                       pthread_cond_broadcast(&condition);
                     }).join();
                   });
                   trial.run();
                   pthread_cond_destroy(&condition);
                 }});
