// SPDX-License-Identifier: MIT
// See symbolizer_process.hpp.
#include "symbolizer_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
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

// -1: it cannot be started.
pid_t start(const std::vector<std::string>& command, int in, int out) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  // A bare environment: no preloaded libraries, no sanitizer options, and no look-ups of debug files over the network.
  std::string path = std::string("PATH=") + (std::getenv("PATH") == nullptr ? "/usr/bin:/bin" : std::getenv("PATH"));
  std::string locale = "LC_ALL=C";
  char* environment[] = {path.data(), locale.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t process = -1;
  const int error = posix_spawn(&process, command.front().c_str(), &actions, nullptr, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? process : -1;
}

// The conversation that goes on: this side's end, and who is at the other one.
struct partner {
  int descriptor = -1;
  pid_t process = -1;
} the_partner;

void leave_to_parent() {
  if (the_partner.descriptor >= 0) close(the_partner.descriptor);
  the_partner = {};
}

std::size_t empty_lines_in(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("\n\n"); at != std::string::npos; at = text.find("\n\n", at + 2)) ++count;
  return count;
}

}  // namespace

conversation::conversation(const std::vector<std::string>& command) {
  [[maybe_unused]] static const int is_registered = pthread_atfork(nullptr, nullptr, leave_to_parent);
  int ends[2];
  if (the_partner.process >= 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
  const pid_t process = start(command, ends[1], ends[1]);
  close(ends[1]);
  if (process < 0)
    close(ends[0]);
  else
    the_partner = {ends[0], process};
}

bool is_conversation_partner(int process) noexcept { return process >= 0 && the_partner.process == process; }

conversation::~conversation() { end(); }

void conversation::end() {
  const partner left = the_partner;
  leave_to_parent();
  if (left.process < 0) return;
  kill(left.process, SIGKILL);
  while (waitpid(left.process, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool conversation::is_open() const noexcept { return the_partner.descriptor >= 0; }

process_result conversation::ask(const std::string& input, std::size_t answers, double seconds_at_most) {
  process_result result;
  const double limit = now() + seconds_at_most;
  std::size_t sent = 0;
  bool is_open = the_partner.descriptor >= 0;
  while (is_open && !(result.is_done = empty_lines_in(result.output) >= answers)) {
    pollfd one{the_partner.descriptor, static_cast<short>(POLLIN | (sent < input.size() ? POLLOUT : 0)), 0};
    const double left = limit - now();
    if (left <= 0) break;
    const int ready = poll(&one, 1, static_cast<int>(left * 1e3) + 1);
    if (ready < 0 && errno != EINTR) break;
    if (ready <= 0) continue;
    if ((one.revents & POLLOUT) != 0) {
      const ssize_t count =
          send(the_partner.descriptor, input.data() + sent, input.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count > 0) sent += static_cast<std::size_t>(count);
    }
    if ((one.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
      char block[8192];
      const ssize_t count = recv(the_partner.descriptor, block, sizeof block, MSG_DONTWAIT);
      if (count > 0) result.output.append(block, static_cast<std::size_t>(count));
      is_open = count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
    }
  }
  if (!result.is_done) end();
  return result;
}

process_result run_process(const std::vector<std::string>& command, const std::string& input, double seconds_at_most) {
  process_result result;
  memory_file in("ravel-in"), out("ravel-out");
  if (in.descriptor() < 0 || out.descriptor() < 0 || !in.fill(input)) return result;

  const pid_t process = start(command, in.descriptor(), out.descriptor());
  if (process < 0) return result;
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
