// SPDX-License-Identifier: MIT
// See scratch.hpp.
#include "scratch.hpp"

#include "process/run.hpp"

#include <ravel/observer.hpp>
#include <ravel/usage_error.hpp>

#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

namespace ravel::detail {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = std::uintmax_t{64} << 20;
constexpr const char* prefix = "ravel-scratch-";

fs::path folder_for_scratch() {
  const char* given = std::getenv("TMPDIR");
  return given != nullptr && *given != '\0' ? given : "/tmp";
}
// Of the process that supervises: it has one execution at a time.
fs::path scratch_of(pid_t supervisor) { return folder_for_scratch() / (prefix + std::to_string(supervisor)); }

void remove_quietly(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (!error) return;
  // What cannot be searched or changed can be once it is allowed to: the copies belong to this user.
  std::error_code ignored;
  for (auto each = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, ignored);
       !ignored && each != fs::recursive_directory_iterator(); each.increment(ignored))
    if (each->is_directory(ignored) && !each->is_symlink(ignored))
      fs::permissions(each->path(), fs::perms::owner_all, ignored);
  fs::remove_all(folder, error);
}

// Those of runs that were killed.
void remove_left_behind() {
  std::error_code error;
  for (auto each = fs::directory_iterator(folder_for_scratch(), error); !error && each != fs::directory_iterator();
       each.increment(error)) {
    const std::string name = each->path().filename().string();
    if (!name.starts_with(prefix)) continue;
    pid_t owner = 0;
    const char* digits = name.c_str() + std::string_view(prefix).size();
    const auto end = std::from_chars(digits, name.c_str() + name.size(), owner);
    if (end.ec == std::errc{} && *end.ptr == '\0' && kill(owner, 0) != 0 && errno == ESRCH)
      remove_quietly(each->path());
  }
}

void measure(const fs::path& folder) {
  std::uintmax_t bytes = 0;
  for (const fs::directory_entry& each : fs::recursive_directory_iterator(folder)) {
    if (each.is_symlink() || !each.is_regular_file()) continue;
    bytes += each.file_size();
    if (bytes > most_bytes)
      throw usage_error("RAVEL_SCRATCH=1 gives each execution a copy of the working directory, and " + folder.string() +
                        " holds more than 64 MiB: run the program in a directory that holds only what it reads "
                        "(WORKING_DIRECTORY of the test), or unset RAVEL_SCRATCH.");
  }
}

void copy_one(const fs::path& from, const fs::path& to) {
  const int source = open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (source < 0) return;  // not for the program either
  const int copy = open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool is_shared = copy >= 0 && ioctl(copy, FICLONE, source) == 0;
  if (copy >= 0) close(copy);
  close(source);
  if (is_shared)
    fs::permissions(to, fs::status(from).permissions());
  else
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);  // and its permissions
  std::error_code ignored;
  fs::last_write_time(to, fs::last_write_time(from), ignored);
}

// Pipes, sockets and devices stay where they are: a copy would be none.
void copy_folder(const fs::path& from, const fs::path& to) {
  for (const fs::directory_entry& each : fs::directory_iterator(from)) {
    const fs::path copy = to / each.path().filename();
    if (each.is_symlink()) {
      fs::copy_symlink(each.path(), copy);
    } else if (each.is_directory()) {
      fs::create_directory(copy);
      copy_folder(each.path(), copy);
      fs::permissions(copy, fs::status(each.path()).permissions());
    } else if (each.is_regular_file()) {
      copy_one(each.path(), copy);
    }
  }
}

class scratch : public observer {
 public:
  void batch_started(run_view&) override {
    const fs::path here = fs::current_path(), own = scratch_of(getppid());
    remove_quietly(own);
    fs::create_directory(own);
    fs::permissions(own, fs::perms::owner_all);
    copy_folder(here, own);
    fs::current_path(own);
  }
  void batch_ended(run_view&, bool) override { remove_quietly(scratch_of(getpid())); }
};

std::unique_ptr<observer> make_scratch() { return std::make_unique<scratch>(); }

bool is_wanted() {
  const char* value = std::getenv("RAVEL_SCRATCH");  // read and judged with the others, by read_environment
  return value != nullptr && std::string(value) == "1";
}

}  // namespace

void prepare_scratch() {
  if (!is_wanted()) return;
  const fs::path here = fs::current_path();
  try {
    measure(here);
  } catch (const fs::filesystem_error& error) {
    throw usage_error("RAVEL_SCRATCH=1 copies the working directory, and that cannot be read: " +
                      std::string(error.what()) + ". Unset it, or run the program elsewhere.");
  }
  const fs::path scratch = fs::weakly_canonical(folder_for_scratch());
  if (const auto [end, rest] = std::mismatch(here.begin(), here.end(), scratch.begin(), scratch.end());
      end == here.end())
    throw usage_error("RAVEL_SCRATCH=1 copies the working directory to " + scratch.string() +
                      ", which lies in it: set " +
                      "TMPDIR to a directory elsewhere, or run the program in another one.");
  remove_left_behind();
  add_permanent_observer(make_scratch);
}

}  // namespace ravel::detail
