#include "distro/limits.h"

#include <stdlib.h>

#include "base/files.h"
#include "harness.h"

using namespace tswsl;

namespace {

/** A group as the kernel shows it, of plain files: what is written can be read back. */
struct FakeGroup {
  FakeGroup() {
    char name[] = "/tmp/tswsl-limits-XXXXXX";
    CHECK(::mkdtemp(name) != nullptr);
    path = name;
    for (const char* file : {"memory.max", "memory.high", "cpu.max", "pids.max"}) set(file, "");
    set("memory.current", "1048576\n");
  }
  ~FakeGroup() { removeTree(path); }

  void set(const std::string& file, const std::string& content) const { writeFile(path + "/" + file, content); }
  std::string get(const std::string& file) const { return readFile(path + "/" + file).value_or("(none)"); }

  std::string path;
};

Json limitsOf(Json memory, Json cpu, Json pids) {
  return {{"memoryBytes", std::move(memory)}, {"cpuMicros", std::move(cpu)}, {"pids", std::move(pids)}};
}

}  // namespace

TEST("limits: each is written to its file, in the kernel's words") {
  const FakeGroup group;
  setLimits(group.path, {1 << 30, 150'000, 500});
  CHECK_EQ(group.get("memory.max"), "1073741824");
  CHECK_EQ(group.get("cpu.max"), "150000 100000");
  CHECK_EQ(group.get("pids.max"), "500");
  CHECK_EQ(group.get("memory.high"), "");
}

TEST("limits: none is max, and needs no controller") {
  const FakeGroup group;
  setLimits(group.path, {});
  CHECK_EQ(group.get("memory.max"), "max");
  CHECK_EQ(group.get("cpu.max"), "max 100000");
  CHECK_EQ(group.get("pids.max"), "max");
  setLimits("/no/such/group", {});
  test::thrown<Failure>([] { setLimits("/no/such/group", {1 << 30, {}, {}}); });
}

TEST("limits: memory in use that cannot be reclaimed is not killed for") {
  const FakeGroup group;
  group.set("memory.max", "old");
  const auto failure = test::thrown<Failure>([&] { setLimits(group.path, {1000, 1000, 1}); });
  CHECK(failure.code == Code::invalidState);
  CHECK_EQ(std::string(failure.what()), "the distribution uses 1 MiB now, more than the new limit");
  CHECK_EQ(group.get("memory.max"), "old");
  CHECK_EQ(group.get("cpu.max"), "");
  // Tried, and given up: a plain file keeps the longer text's end.
  CHECK_EQ(group.get("memory.high"), "max0");
}

TEST("limits: parameters are those of the contract") {
  const Json good = limitsOf(nullptr, 1000, 5.0);
  const DistroLimits limits = parseLimits(Params(good));
  CHECK(!limits.memoryBytes);
  CHECK_EQ(*limits.cpuMicros, 1000);
  CHECK_EQ(*limits.pids, 5);
  for (const Json& bad :
       {limitsOf(0, nullptr, nullptr), limitsOf(nullptr, 999, nullptr), limitsOf(nullptr, nullptr, "5"),
        limitsOf(-1, nullptr, nullptr), limitsOf(nullptr, 1000.5, nullptr), Json::object()}) {
    test::thrown<InvalidParams>([&] { parseLimits(Params(bad)); });
  }
}

TEST("limits: kills and the limit are read from the kernel's files") {
  const FakeGroup group;
  CHECK_EQ(memoryKills(group.path), 0);
  group.set("memory.events", "low 0\nhigh 0\nmax 3\noom 2\noom_kill 7\noom_group_kill 1\n");
  CHECK_EQ(memoryKills(group.path), 7);
  group.set("memory.max", "max\n");
  CHECK(!memoryLimit(group.path));
  group.set("memory.max", "4096\n");
  CHECK_EQ(*memoryLimit(group.path), 4096);
}
