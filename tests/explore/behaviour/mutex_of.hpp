// SPDX-License-Identifier: MIT
// A mutex with attributes.
#pragma once

#include <pthread.h>

class mutex_of {
 public:
  mutex_of(int protocol, bool is_robust, int type = PTHREAD_MUTEX_NORMAL) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    if (is_robust) pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mutex_, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  ~mutex_of() { pthread_mutex_destroy(&mutex_); }
  mutex_of(const mutex_of&) = delete;
  mutex_of& operator=(const mutex_of&) = delete;
  operator pthread_mutex_t*() { return &mutex_; }

 private:
  pthread_mutex_t mutex_;
};
