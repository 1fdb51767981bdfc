#pragma once

#include <string>

#include "base/json.h"
#include "test_host.h"

/** Distros for the integration tests: installed, started, and the headers that run commands in them. */
namespace distros {

/** A UUID that no other test has. */
std::string newId();

/** Sends a file's content as an import; the exit status. */
int import(TestHost& host, const std::string& distro, const std::string& archive, const std::string& compression);

/** A tar of environment::makeRootTree. */
std::string makeArchive();

/** A committed distro. */
std::string install(TestHost& host);

tswsl::Json startParams(const std::string& distro);

/** Header of a shell line as root, all channels pipes. */
tswsl::Json execHeader(const std::string& distro, const std::string& line);

/** A header with some members changed. */
tswsl::Json with(tswsl::Json header, const tswsl::Json& changes);

/** Changes for `with`: everything on a terminal of 24 by 80. */
tswsl::Json onTerminal();

/** A started distro that is stopped at the end of a test. */
struct Started {
  Started();
  ~Started();

  /** Output of a command that must succeed. */
  std::string run(const tswsl::Json& header);
  std::string shell(const std::string& line) { return run(execHeader(distro, line)); }
  int status(const tswsl::Json& header) { return host.waitExit(host.openFrames(header)); }

  TestHost host;
  std::string distro;
  pid_t pid = -1;
};

}  // namespace distros
