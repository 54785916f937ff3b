// SPDX-License-Identifier: MIT
// See symbolizer_process.hpp.
#include "symbolizer_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace ravel::detail {

namespace {

class memory_file {
 public:
  explicit memory_file(const char* name) : descriptor_(memfd_create(name, MFD_CLOEXEC)) {}
  ~memory_file() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  bool fill(const std::string& text) {
    std::size_t done = 0;
    while (done < text.size()) {
      const ssize_t written = pwrite(descriptor_, text.data() + done, text.size() - done, static_cast<off_t>(done));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      done += static_cast<std::size_t>(written);
    }
    return true;
  }
  [[nodiscard]] std::string content() const {
    std::string text;
    char block[8192];
    for (;;) {
      const ssize_t count = pread(descriptor_, block, sizeof block, static_cast<off_t>(text.size()));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return text;
      text.append(block, static_cast<std::size_t>(count));
    }
  }

 private:
  int descriptor_;
};

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

bool wait_until(pid_t process, double end) {
  for (;;) {
    int status = 0;
    const pid_t ended = waitpid(process, &status, WNOHANG);
    if (ended == process) return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (ended < 0 && errno != EINTR) return false;
    if (now() > end) {
      kill(process, SIGKILL);
      waitpid(process, &status, 0);
      return false;
    }
    const timespec pause{0, 2'000'000};
    nanosleep(&pause, nullptr);
  }
}

}  // namespace

process_result run_process(const std::vector<std::string>& command, const std::string& input, double seconds_at_most) {
  process_result result;
  memory_file in("ravel-in"), out("ravel-out");
  if (in.descriptor() < 0 || out.descriptor() < 0 || !in.fill(input)) return result;

  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  // A bare environment: no preloaded libraries, no sanitizer options, and no look-ups of debug files over the network.
  std::string path = std::string("PATH=") + (std::getenv("PATH") == nullptr ? "/usr/bin:/bin" : std::getenv("PATH"));
  std::string locale = "LC_ALL=C";
  char* environment[] = {path.data(), locale.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.descriptor(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.descriptor(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t process = -1;
  const int error = posix_spawn(&process, command.front().c_str(), &actions, nullptr, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return result;
  result.is_done = wait_until(process, now() + seconds_at_most);
  result.output = out.content();
  return result;
}

std::string find_program(const std::vector<std::string>& names) {
  const char* variable = std::getenv("PATH");
  const std::string path = variable == nullptr ? "/usr/bin:/bin" : variable;
  for (const std::string& name : names) {
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find(':', begin), path.size());
      const std::string candidate = path.substr(begin, end - begin) + "/" + name;
      if (candidate.front() == '/' && access(candidate.c_str(), X_OK) == 0) return candidate;
      begin = end + 1;
    }
  }
  return {};
}

}  // namespace ravel::detail
