// SPDX-License-Identifier: MIT
// A variable of the environment that is set for as long as this object lives. Main thread only.
#pragma once

#include <cstdlib>
#include <string>

// For the length of a scope.
class environment_variable {
 public:
  environment_variable(const char* name, const std::string& value) : name_(name) { setenv(name, value.c_str(), 1); }
  ~environment_variable() { unsetenv(name_); }

 private:
  const char* name_;
};
