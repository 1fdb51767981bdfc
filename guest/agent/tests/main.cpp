#include <signal.h>

#include <cstdio>
#include <cstring>
#include <vector>

#include "harness.h"

namespace test {
namespace {

struct Entry {
  std::string name;
  std::function<void()> body;
};

std::vector<Entry>& entries() {
  static std::vector<Entry> all;
  return all;
}

}  // namespace

Case::Case(const char* name, std::function<void()> body) { entries().push_back({name, std::move(body)}); }

}  // namespace test

/** Runs the cases whose name contains the first argument; all without one. */
int main(int count, char** values) {
  // As the agent's own main does: a reader that is gone is an error of write, not the end.
  ::signal(SIGPIPE, SIG_IGN);
  const char* filter = count > 1 ? values[1] : "";
  int passed = 0;
  int failed = 0;
  int skipped = 0;
  for (const auto& entry : test::entries()) {
    if (std::strstr(entry.name.c_str(), filter) == nullptr) continue;
    try {
      entry.body();
      ++passed;
      std::printf("ok      %s\n", entry.name.c_str());
    } catch (const test::Skipped& reason) {
      ++skipped;
      std::printf("skipped %s: %s\n", entry.name.c_str(), reason.what());
    } catch (const std::exception& error) {
      ++failed;
      std::printf("FAILED  %s: %s\n", entry.name.c_str(), error.what());
    }
    std::fflush(stdout);
  }
  std::printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
  return failed == 0 && passed > 0 ? 0 : 1;
}
