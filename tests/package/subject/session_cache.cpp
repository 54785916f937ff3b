// SPDX-License-Identifier: MIT
// See session_cache.hpp.
#include "session_cache.hpp"

void session_cache::store(int key, int value) {
  const std::lock_guard<std::mutex> entries(entries_lock_);
  entries_[key] += value;
  const std::lock_guard<std::mutex> statistics(statistics_lock_);
  ++stored_;
}

bool session_cache::release(int key) {
  if (!FIXED && key % 10 == 3) return false;
  const std::lock_guard<std::mutex> entries(entries_lock_);
  entries_.erase(key);
  return true;
}

bool session_cache::empty() const {
  const std::lock_guard<std::mutex> entries(entries_lock_);
  return entries_.empty();
}

void session_cache::hit() {
  if (FIXED) {
    const std::lock_guard<std::mutex> entries(entries_lock_);
    ++hits_;
  } else {
    ++hits_;
  }
}

int session_cache::hits() const {
  const std::lock_guard<std::mutex> entries(entries_lock_);
  return hits_;
}

int session_cache::audit() {
  if (FIXED) {
    const std::lock_guard<std::mutex> entries(entries_lock_);
    const std::lock_guard<std::mutex> statistics(statistics_lock_);
    return stored_ - static_cast<int>(entries_.size());
  }
  const std::lock_guard<std::mutex> statistics(statistics_lock_);
  const std::lock_guard<std::mutex> entries(entries_lock_);
  return stored_ - static_cast<int>(entries_.size());
}

int session_cache::rename(int key) {
  auto* const name = new std::string("session with a long name " + std::to_string(key));
  if (FIXED) {
    const int length = static_cast<int>(name->size());
    delete name;
    return length;
  }
  const char* const text = name->c_str();
  delete name;
  return text[0];
}
