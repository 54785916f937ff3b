// SPDX-License-Identifier: MIT
// stdio between threads: flockfile keeps the others out, lines come whole, a stream over a pipe waits for its writer.
#include "behaviour.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <semaphore>
#include <string>
#include <thread>

RAVEL_BEHAVIOUR({.name = "flockfile", .options = {}, .body = [](ravel::trial& trial) {
                   char* text = nullptr;
                   std::size_t size = 0;
                   std::FILE* out = open_memstream(&text, &size);
                   int guarded = 0;
                   trial.threads(3, "writer", [&](ravel::worker& me) {
                     flockfile(out);
                     const int before = guarded;
                     std::this_thread::yield();
                     std::fputs("<", out);
                     flockfile(out);
                     std::fprintf(out, "%u", me.index());
                     funlockfile(out);
                     std::fputc('>', out);
                     guarded = before + 1;
                     funlockfile(out);
                   });
                   trial.thread("outsider", [&](ravel::worker& me) {
                     std::fputs("[whole]", out);
                     if (ftrylockfile(out) == 0) {
                       me.require(guarded <= 3, "seen under the lock");
                       funlockfile(out);
                     }
                   });
                   trial.run();
                   std::fclose(out);
                   const std::string all(text, size);
                   std::free(text);
                   trial.require_equal(guarded, 3, "guarded by the stream");
                   for (const char* part : {"<0>", "<1>", "<2>", "[whole]"})
                     trial.require(all.find(part) != std::string::npos, "nothing is torn");
                 }});

RAVEL_BEHAVIOUR({.name = "a stream over a pipe", .options = {}, .body = [](ravel::trial& trial) {
                   int ends[2];
                   trial.require_equal(pipe(ends), 0, "made");
                   trial.thread("reader", [&](ravel::worker& me) {
                     std::FILE* in = fdopen(ends[0], "r");
                     char line[16] = {};
                     me.require(std::fgets(line, sizeof line, in) != nullptr, "a line");
                     me.require(std::string(line) == "hello\n", "whole");
                     me.require(std::fgetc(in) == EOF, "and no more");
                     std::fclose(in);
                   });
                   trial.thread("writer", [&](ravel::worker&) {
                     std::FILE* out = fdopen(ends[1], "w");
                     std::fputs("hello\n", out);
                     std::fclose(out);
                   });
                   trial.run();
                 }});

namespace {

// One thread reads what another writes to a pipe, by the given calls: 4 bytes, and 4 more when it has read those.
template <class Read>
ravel::body reads_from_pipe(Read read) {
  return [=](ravel::trial& trial) {
    int ends[2];
    trial.require_equal(pipe(ends), 0, "made");
    std::counting_semaphore<2> asked{1};
    trial.thread("reader", [&](ravel::worker& me) {
      std::FILE* in = fdopen(ends[0], "r");
      me.require(read(in), "the first part");
      asked.release();
      me.require(read(in), "the second part");
      std::fclose(in);
    });
    trial.thread("writer", [&](ravel::worker& me) {
      for (int i = 0; i < 2; ++i) {
        asked.acquire();
        me.require_equal(write(ends[1], "123\n", 4), ssize_t{4}, "written");
      }
      close(ends[1]);
    });
    trial.run();
  };
}

bool by_getline(std::FILE* in) {
  char* line = nullptr;
  std::size_t size = 0;
  const ssize_t length = getline(&line, &size, in);
  std::free(line);
  return length == 4;
}
bool by_getdelim(std::FILE* in) {
  char* line = nullptr;
  std::size_t size = 0;
  const ssize_t length = getdelim(&line, &size, '\n', in);
  std::free(line);
  return length == 4;
}
bool by_fscanf(std::FILE* in) {
  int number = 0;
  return std::fscanf(in, "%d", &number) == 1 && number == 123 && std::fgetc(in) == '\n';
}
bool by_getc_unlocked(std::FILE* in) {
  int count = 0;
  for (int letter = 0; letter != '\n' && count < 8; ++count) letter = getc_unlocked(in);
  return count == 4;
}
bool by_fgetc_unlocked(std::FILE* in) {
  int count = 0;
  for (int letter = 0; letter != '\n' && count < 8; ++count) letter = fgetc_unlocked(in);
  return count == 4;
}
bool by_fread(std::FILE* in) {
  char part[4];
  return std::fread(part, 1, sizeof part, in) == sizeof part;
}
bool by_fgetwc(std::FILE* in) {
  int count = 0;
  for (std::wint_t letter = 0; letter != L'\n' && count < 8; ++count) letter = std::fgetwc(in);
  return count == 4;
}
bool by_fgetwc_unlocked(std::FILE* in) {
  int count = 0;
  for (std::wint_t letter = 0; letter != L'\n' && count < 8; ++count) letter = fgetwc_unlocked(in);
  return count == 4;
}
bool by_fgetws(std::FILE* in) {
  wchar_t part[8];
  return std::fgetws(part, 8, in) != nullptr && part[3] == L'\n';
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "a stream over a pipe: getline", .options = {}, .body = reads_from_pipe(by_getline)});
RAVEL_BEHAVIOUR({.name = "a stream over a pipe: getdelim", .options = {}, .body = reads_from_pipe(by_getdelim)});
RAVEL_BEHAVIOUR({.name = "a stream over a pipe: fscanf", .options = {}, .body = reads_from_pipe(by_fscanf)});
RAVEL_BEHAVIOUR({.name = "a stream over a pipe: getc_unlocked",
                 .options = {},
                 .body = reads_from_pipe(by_getc_unlocked)});
RAVEL_BEHAVIOUR({.name = "a stream over a pipe: fgetc_unlocked",
                 .options = {},
                 .body = reads_from_pipe(by_fgetc_unlocked)});
RAVEL_BEHAVIOUR({.name = "a stream over a pipe: fread", .options = {}, .body = reads_from_pipe(by_fread)});
RAVEL_BEHAVIOUR({.name = "a stream over a pipe: fgetwc", .options = {}, .body = reads_from_pipe(by_fgetwc)});
RAVEL_BEHAVIOUR({.name = "a stream over a pipe: fgetwc_unlocked",
                 .options = {},
                 .body = reads_from_pipe(by_fgetwc_unlocked)});
RAVEL_BEHAVIOUR({.name = "a stream over a pipe: fgetws", .options = {}, .body = reads_from_pipe(by_fgetws)});
