#include "exec/pipes.h"

#include <fcntl.h>

#include "base/failure.h"

namespace tswsl {
namespace {

/** Fewer, larger reads: a switch between processes is dear under emulation. */
constexpr int pipeBytes = 256 * 1024;

struct Pipe {
  Fd reader;
  Fd writer;
};

Pipe makePipe() {
  int ends[2];
  checked(::pipe2(ends, O_CLOEXEC), "cannot make a pipe");
  ::fcntl(ends[1], F_SETPIPE_SZ, pipeBytes);
  return {Fd(ends[0]), Fd(ends[1])};
}

void nonBlocking(const Fd& fd) { ::fcntl(fd.get(), F_SETFL, O_NONBLOCK); }

}  // namespace

ChildEnds makePipes(const Channels& channels, Launched& ours) {
  ChildEnds theirs;
  if (!channels.inputIsTerminal) {
    Pipe pipe = makePipe();
    nonBlocking(pipe.writer);
    theirs.input = std::move(pipe.reader);
    ours.input = std::move(pipe.writer);
  }
  const auto outward = [](Fd& their, Fd& our) {
    Pipe pipe = makePipe();
    nonBlocking(pipe.reader);
    their = std::move(pipe.writer);
    our = std::move(pipe.reader);
  };
  if (!channels.outputIsTerminal) outward(theirs.output, ours.output);
  if (!channels.errorIsTerminal) outward(theirs.error, ours.error);
  return theirs;
}

}  // namespace tswsl
