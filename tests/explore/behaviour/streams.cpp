// SPDX-License-Identifier: MIT
// stdio between threads: flockfile keeps the others out, lines come whole, a stream over a pipe waits for its writer.
#include "behaviour.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
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
