// SPDX-License-Identifier: MIT
// Threads that wait for each other by descriptors: pipes, sockets, eventfds, poll, select, epoll; and child processes.
#include "behaviour.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>

RAVEL_BEHAVIOUR({.name = "a pipe between threads", .options = {}, .body = [](ravel::trial& trial) {
                   int ends[2];
                   trial.require_equal(pipe(ends), 0, "made");
                   int data = 0;
                   trial.thread("reader", [&](ravel::worker& me) {
                     char letters[3] = {};
                     for (char& one : letters) me.require_equal(read(ends[0], &one, 1), ssize_t{1}, "a byte");
                     me.require(std::string(letters, 3) == "abc", "in order");
                     me.require_equal(data, 1, "what was written before");
                     char more;
                     me.require_equal(read(ends[0], &more, 1), ssize_t{0}, "the end");
                   });
                   trial.thread("writer", [&](ravel::worker&) {
                     data = 1;
                     for (const char one : {'a', 'b', 'c'}) static_cast<void>(write(ends[1], &one, 1));
                     close(ends[1]);
                   });
                   trial.run();
                   close(ends[0]);
                 }});

RAVEL_BEHAVIOUR({.name = "more than fits into a pipe", .options = {.executions = 20}, .body = [](ravel::trial& trial) {
                   int ends[2];
                   trial.require_equal(pipe(ends), 0, "made");
                   constexpr std::size_t bytes = 200'000;
                   trial.thread("writer", [&](ravel::worker& me) {
                     const std::string text(bytes, 'x');
                     me.require_equal(write(ends[1], text.data(), bytes), static_cast<ssize_t>(bytes), "all of it");
                     close(ends[1]);
                   });
                   trial.thread("reader", [&](ravel::worker& me) {
                     std::string got(bytes, ' ');
                     std::size_t count = 0;
                     for (ssize_t one; (one = read(ends[0], got.data() + count, bytes - count)) > 0;)
                       count += static_cast<std::size_t>(one);
                     me.require_equal(count, bytes, "all has come");
                   });
                   trial.run();
                   close(ends[0]);
                 }});

RAVEL_BEHAVIOUR({.name = "an eventfd and epoll", .options = {}, .body = [](ravel::trial& trial) {
                   const int counter = eventfd(0, 0), epoll = epoll_create1(0);
                   epoll_event wanted{EPOLLIN, {}};
                   epoll_ctl(epoll, EPOLL_CTL_ADD, counter, &wanted);
                   trial.thread("waiter", [&](ravel::worker& me) {
                     epoll_event got{};
                     me.require_equal(epoll_wait(epoll, &got, 1, -1), 1, "it is ready");
                     eventfd_t value = 0;
                     me.require_equal(eventfd_read(counter, &value), 0, "read");
                     me.require(value >= 3, "what was added");
                     me.require_equal(epoll_wait(epoll, &got, 1, 0), 0, "nothing more at once");
                   });
                   trial.thread("adder", [&](ravel::worker&) {
                     const std::uint64_t three = 3;
                     static_cast<void>(write(counter, &three, sizeof three));
                   });
                   trial.run();
                   close(epoll);
                   close(counter);
                 }});

RAVEL_BEHAVIOUR({.name = "sockets, poll and select", .options = {}, .body = [](ravel::trial& trial) {
                   int pair[2];
                   trial.require_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0, "made");
                   trial.thread("asker", [&](ravel::worker& me) {
                     me.require_equal(send(pair[0], "question", 8, 0), ssize_t{8}, "asked");
                     pollfd one{pair[0], POLLIN, 0};
                     me.require_equal(poll(&one, 1, -1), 1, "there is an answer");
                     char text[8];
                     me.require_equal(recv(pair[0], text, sizeof text, 0), ssize_t{6}, "read");
                     me.require_equal(poll(&one, 1, 3'600'000), 0, "and no more within the hour");
                     timeval hour{3600, 0};
                     fd_set in;
                     FD_ZERO(&in);
                     FD_SET(pair[0], &in);
                     me.require_equal(select(pair[0] + 1, &in, nullptr, nullptr, &hour), 0, "nor in the next");
                   });
                   trial.thread("answerer", [&](ravel::worker& me) {
                     fd_set in;
                     FD_ZERO(&in);
                     FD_SET(pair[1], &in);
                     me.require_equal(select(pair[1] + 1, &in, nullptr, nullptr, nullptr), 1, "there is a question");
                     char text[8];
                     me.require_equal(recv(pair[1], text, sizeof text, 0), ssize_t{8}, "read");
                     me.require_equal(send(pair[1], "answer", 6, 0), ssize_t{6}, "answered");
                   });
                   trial.run();
                   close(pair[0]);
                   close(pair[1]);
                 }});

RAVEL_BEHAVIOUR({.name = "a child process", .options = {.executions = 20}, .body = [](ravel::trial& trial) {
                   int ends[2];
                   trial.require_equal(pipe(ends), 0, "made");
                   std::atomic<pid_t> child{0};
                   trial.thread("parent", [&](ravel::worker& me) {
                     const pid_t made = fork();
                     if (made == 0) {
                       char one = 0;
                       _exit(read(ends[0], &one, 1) == 1 ? one : 99);
                     }
                     child = made;
                     int status = 0;
                     me.require_equal(waitpid(made, &status, 0), made, "it has ended");
                     me.require_equal(WEXITSTATUS(status), 7, "as the other thread told it");
                   });
                   trial.thread("teller", [&](ravel::worker&) {
                     while (child == 0) std::this_thread::yield();
                     const char seven = 7;
                     static_cast<void>(write(ends[1], &seven, 1));
                   });
                   trial.run();
                   close(ends[0]);
                   close(ends[1]);
                 }});

RAVEL_BEHAVIOUR({.name = "a child process beside one who polls",
                 .options = {.executions = 10},
                 .body = [](ravel::trial& trial) {
                   std::atomic<bool> is_over{false};
                   trial.thread("parent", [&](ravel::worker& me) {
                     const pid_t made = fork();
                     if (made == 0) _exit(7);
                     int status = 0;
                     me.require_equal(waitpid(made, &status, 0), made, "it has ended");
                     me.require_equal(WEXITSTATUS(status), 7, "with its status");
                     is_over = true;
                   });
                   trial.thread("poller", [&](ravel::worker&) {
                     while (!is_over) std::this_thread::yield();
                   });
                   trial.run();
                 }});

RAVEL_BEHAVIOUR({.name = "input that never comes",
                 .due = ravel::finding_kind::uncontrolled,
                 .options = {.executions = 2},
                 .body = [](ravel::trial& trial) {
                   int ends[2];
                   trial.require_equal(pipe(ends), 0, "made");
                   trial.thread("reader", [&](ravel::worker&) {
                     char one;
                     static_cast<void>(read(ends[0], &one, 1));
                   });
                   trial.run();
                 }});
