// SPDX-License-Identifier: MIT
// Reading and writing: pipes, sockets, eventfds and the like between threads. Under control a call is made when it need
// not wait; what is written or closed lets those who wait look again. Large writes are made in pieces, because a pipe
// or a stream that has room has it for a piece only. Thread safety: any thread. Cost while no execution is in flight: a
// branch.
#include "cancellation.hpp"
#include "descriptor_wait.hpp"
#include "next.hpp"
#include "signal_descriptors.hpp"
#include "signal_model.hpp"
#include "timers.hpp"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

RAVEL_NEXT(ssize_t, read, (int fd, void* to, std::size_t bytes), (fd, to, bytes))
RAVEL_NEXT(ssize_t, readv, (int fd, const iovec* list, int count), (fd, list, count))
RAVEL_NEXT(ssize_t, recv, (int fd, void* to, std::size_t bytes, int flags), (fd, to, bytes, flags))
RAVEL_NEXT(ssize_t, recvfrom, (int fd, void* to, std::size_t bytes, int flags, sockaddr* address, socklen_t* length),
           (fd, to, bytes, flags, address, length))
RAVEL_NEXT(ssize_t, recvmsg, (int fd, msghdr* message, int flags), (fd, message, flags))
RAVEL_NEXT(int, accept, (int fd, sockaddr* address, socklen_t* length), (fd, address, length))
RAVEL_NEXT(int, accept4, (int fd, sockaddr* address, socklen_t* length, int flags), (fd, address, length, flags))
RAVEL_NEXT(int, eventfd_read, (int fd, eventfd_t* value), (fd, value))
RAVEL_NEXT(ssize_t, write, (int fd, const void* from, std::size_t bytes), (fd, from, bytes))
RAVEL_NEXT(ssize_t, writev, (int fd, const iovec* list, int count), (fd, list, count))
RAVEL_NEXT(ssize_t, send, (int fd, const void* from, std::size_t bytes, int flags), (fd, from, bytes, flags))
RAVEL_NEXT(ssize_t, sendto,
           (int fd, const void* from, std::size_t bytes, int flags, const sockaddr* address, socklen_t length),
           (fd, from, bytes, flags, address, length))
RAVEL_NEXT(ssize_t, sendmsg, (int fd, const msghdr* message, int flags), (fd, message, flags))
RAVEL_NEXT(int, eventfd_write, (int fd, eventfd_t value), (fd, value))
RAVEL_NEXT(int, shutdown, (int fd, int how), (fd, how))
RAVEL_NEXT(int, close, (int fd), (fd))

namespace ravel::detail {

namespace {

template <class Call>
auto input(int fd, int flags, std::uintptr_t pc, Call call) {
  controlled_thread* self = in_control();
  const bool may_wait = self != nullptr && (flags & MSG_DONTWAIT) == 0;
  const cancellation_point here(may_wait ? self : nullptr);
  if (may_wait && await_ready(*self, fd, POLLIN, pc) == readiness::interrupted) return decltype(call()){-1};
  const auto result = call();
  if (self != nullptr) {
    const int kept = errno;
    the_execution().outside_changed();  // there is room now
    errno = kept;
  }
  return result;
}

template <class Call>
auto output(int fd, int flags, std::uintptr_t pc, Call call) {
  controlled_thread* self = in_control();
  const bool may_wait = self != nullptr && (flags & MSG_DONTWAIT) == 0;
  const cancellation_point here(may_wait ? self : nullptr);
  if (may_wait && await_ready(*self, fd, POLLOUT, pc) == readiness::interrupted) return decltype(call()){-1};
  const auto result = call();
  if (self != nullptr) {
    const int kept = errno;
    the_execution().outside_changed();
    errno = kept;
  }
  return result;
}

// Whether a write that is larger than what there is room for waits for room for the rest.
bool writes_in_pieces(int fd) noexcept {
  struct stat state;
  if (fstat(fd, &state) != 0 || (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0) return false;
  if (S_ISFIFO(state.st_mode)) return true;
  int type = 0;
  socklen_t length = sizeof type;
  return S_ISSOCK(state.st_mode) && getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM;
}

// A pipe that is ready has room for PIPE_BUF bytes; a stream socket is asked to take what it can without waiting.
template <class Piece>
ssize_t output_in_pieces(int fd, std::size_t bytes, std::uintptr_t pc, Piece piece) {
  std::size_t done = 0;
  do {
    const ssize_t written = output(fd, 0, pc, [&] {
      const std::size_t left = bytes - done;
      return piece(done, left < PIPE_BUF ? left : std::size_t{PIPE_BUF});
    });
    if (written < 0 && (errno != EAGAIN || done == 0)) return done == 0 ? written : static_cast<ssize_t>(done);
    if (written > 0) done += static_cast<std::size_t>(written);
  } while (done < bytes);
  return static_cast<ssize_t>(done);
}

}  // namespace

}  // namespace ravel::detail

using namespace ravel::detail;

RAVEL_INTERCEPT(ssize_t, read, (int fd, void* to, std::size_t bytes)) {
  if (control.running == nullptr) [[likely]]
    return next_read(fd, to, bytes);
  return input(fd, 0, RAVEL_CALLER, [=] { return next_read(fd, to, bytes); });
}
RAVEL_INTERCEPT(ssize_t, readv, (int fd, const iovec* list, int count)) {
  return input(fd, 0, RAVEL_CALLER, [=] { return next_readv(fd, list, count); });
}
RAVEL_INTERCEPT(ssize_t, recv, (int fd, void* to, std::size_t bytes, int flags)) {
  return input(fd, flags, RAVEL_CALLER, [=] { return next_recv(fd, to, bytes, flags & ~MSG_WAITALL); });
}
RAVEL_INTERCEPT(ssize_t, recvfrom,
                (int fd, void* to, std::size_t bytes, int flags, sockaddr* address, socklen_t* length)) {
  return input(fd, flags, RAVEL_CALLER, [=] { return next_recvfrom(fd, to, bytes, flags, address, length); });
}
RAVEL_INTERCEPT(ssize_t, recvmsg, (int fd, msghdr* message, int flags)) {
  return input(fd, flags, RAVEL_CALLER, [=] { return next_recvmsg(fd, message, flags); });
}
RAVEL_INTERCEPT(int, accept, (int fd, sockaddr* address, socklen_t* length)) {
  return input(fd, 0, RAVEL_CALLER, [=] { return next_accept(fd, address, length); });
}
RAVEL_INTERCEPT(int, accept4, (int fd, sockaddr* address, socklen_t* length, int flags)) {
  return input(fd, 0, RAVEL_CALLER, [=] { return next_accept4(fd, address, length, flags); });
}
RAVEL_INTERCEPT(int, eventfd_read, (int fd, eventfd_t* value)) {
  return input(fd, 0, RAVEL_CALLER, [=] { return next_eventfd_read(fd, value); });
}

RAVEL_INTERCEPT(ssize_t, write, (int fd, const void* from, std::size_t bytes)) {
  if (control.running == nullptr) [[likely]]
    return next_write(fd, from, bytes);
  const std::uintptr_t pc = RAVEL_CALLER;
  if (in_control() == nullptr || bytes <= PIPE_BUF || !writes_in_pieces(fd))
    return output(fd, 0, pc, [=] { return next_write(fd, from, bytes); });
  return output_in_pieces(fd, bytes, pc, [=](std::size_t done, std::size_t piece) {
    return next_write(fd, static_cast<const char*>(from) + done, piece);
  });
}
RAVEL_INTERCEPT(ssize_t, writev, (int fd, const iovec* list, int count)) {
  return output(fd, 0, RAVEL_CALLER, [=] { return next_writev(fd, list, count); });
}
RAVEL_INTERCEPT(ssize_t, send, (int fd, const void* from, std::size_t bytes, int flags)) {
  const std::uintptr_t pc = RAVEL_CALLER;
  if (in_control() == nullptr || bytes <= PIPE_BUF || (flags & MSG_DONTWAIT) != 0 || !writes_in_pieces(fd))
    return output(fd, flags, pc, [=] { return next_send(fd, from, bytes, flags); });
  return output_in_pieces(fd, bytes, pc, [=](std::size_t done, std::size_t piece) {
    return next_send(fd, static_cast<const char*>(from) + done, piece, flags | MSG_DONTWAIT);
  });
}
RAVEL_INTERCEPT(ssize_t, sendto,
                (int fd, const void* from, std::size_t bytes, int flags, const sockaddr* address, socklen_t length)) {
  return output(fd, flags, RAVEL_CALLER, [=] { return next_sendto(fd, from, bytes, flags, address, length); });
}
RAVEL_INTERCEPT(ssize_t, sendmsg, (int fd, const msghdr* message, int flags)) {
  return output(fd, flags, RAVEL_CALLER, [=] { return next_sendmsg(fd, message, flags); });
}
RAVEL_INTERCEPT(int, eventfd_write, (int fd, eventfd_t value)) {
  return output(fd, 0, RAVEL_CALLER, [=] { return next_eventfd_write(fd, value); });
}
// Never waits; but what another thread waits for may never come now.
RAVEL_INTERCEPT(int, shutdown, (int fd, int how)) {
  return output(fd, MSG_DONTWAIT, RAVEL_CALLER, [=] { return next_shutdown(fd, how); });
}
RAVEL_INTERCEPT(int, close, (int fd)) {
  forget_signal_descriptor(fd);
  forget_timer_descriptor(fd);
  return output(fd, MSG_DONTWAIT, RAVEL_CALLER, [=] { return next_close(fd); });
}
