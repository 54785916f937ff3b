// SPDX-License-Identifier: MIT
// A value in memory shared with forked children, so that a test can look at what a round did.
// Zeroed at the start; T must be usable when zeroed and atomic where threads write it.
#pragma once

#include <sys/mman.h>

#include <stdexcept>

template <class T>
class shared_value {
 public:
  shared_value() {
    void* memory = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("mmap");
    value_ = static_cast<T*>(memory);
  }
  ~shared_value() { munmap(value_, sizeof(T)); }
  shared_value(const shared_value&) = delete;
  shared_value& operator=(const shared_value&) = delete;
  T& operator*() const { return *value_; }
  T* operator->() const { return value_; }

 private:
  T* value_;
};
