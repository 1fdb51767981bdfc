#include <algorithm>

#include "base/files.h"
#include "distros.h"
#include "environment.h"
#include "harness.h"
#include "store/layout.h"
#include "store/subvolume.h"

using namespace tswsl;
using namespace distros;
using frames::Type;

TEST("store: create, import, commit, inspect, delete") {
  environment::require();
  TestHost host;
  CHECK(host.call("store.attach", {{"lun", 1}, {"format", false}})["total"] > 0);
  const std::string distro = newId();
  host.call("distro.create", {{"distro", distro}});
  CHECK_EQ(host.callFailing("distro.create", {{"distro", distro}})["data"]["code"], "exists");
  const auto listed = [&] {
    const Json distros = host.call("store.attach", {{"lun", 1}, {"format", false}})["distros"];
    return std::find(distros.begin(), distros.end(), distro) != distros.end();
  };
  CHECK(!listed());
  CHECK_EQ(import(host, distro, makeArchive(), "none"), 0);
  CHECK_EQ(host.call("distro.inspect", {{"distro", distro}})["osRelease"], "ID=fake\nVERSION_ID=1\n");
  host.call("distro.commit", {{"distro", distro}});
  CHECK(listed());
  const Json inspected = host.call("distro.inspect", {{"distro", distro}});
  CHECK(inspected["wslConf"].is_null());
  CHECK_EQ(inspected["hasInit"], false);
  createSubvolume(rootOf(distroPath(distro)), "nested");
  createSubvolume(rootOf(distroPath(distro)) + "/nested", "deeper");
  host.call("distro.delete", {{"distro", distro}});
  host.call("distro.delete", {{"distro", distro}});
  CHECK(!pathExists(distroPath(distro)) && !pathExists(deletedPath(distro)));
  CHECK_EQ(host.callFailing("distro.inspect", {{"distro", distro}})["data"]["code"], "not-found");
}

TEST("store: each compression, by content") {
  environment::require();
  TestHost host;
  const std::string archive = makeArchive();
  environment::shell("gzip -k " + archive + " && xz -k " + archive +
                     " && { command -v zstd >/dev/null || exit 0; zstd -q " + archive + "; }");
  for (const auto& [compression, suffix] :
       {std::pair("gzip", ".gz"), std::pair("xz", ".xz"), std::pair("zstd", ".zst")}) {
    if (!pathExists(archive + suffix)) continue;
    const std::string distro = newId();
    host.call("distro.create", {{"distro", distro}});
    CHECK_EQ(import(host, distro, archive + suffix, compression), 0);
    CHECK(pathExists(rootOf(partialPath(distro)) + "/etc/passwd"));
    host.call("distro.delete", {{"distro", distro}});
  }
}

TEST("store: what is no archive, or no root, ends with the reason and can be removed") {
  environment::require();
  TestHost host;
  const std::string distro = newId();
  host.call("distro.create", {{"distro", distro}});
  writeFile("/run/garbage", std::string(100'000, 'x'));
  const uint32_t id = host.openFrames({{"kind", "import"}, {"distro", distro}, {"compression", "none"}, {"disk", nullptr}});
  host.sendFrame(id, Type::standardInput, "this is no archive");
  host.sendFrame(id, Type::standardInput);
  CHECK_EQ(host.waitExit(id), 2);
  CHECK(host.stream(id).error.find("tar") != std::string::npos);
  const Json error = host.callFailing("distro.commit", {{"distro", distro}});
  CHECK_EQ(error["data"]["code"], "invalid-argument");
  CHECK(error["message"].get<std::string>().starts_with("not a root file system"));
  host.call("distro.delete", {{"distro", distro}});
  CHECK_EQ(host.callFailing("distro.commit", {{"distro", distro}})["data"]["code"], "not-found");
}

TEST("store: an archive cannot write outside its root") {
  environment::require();
  TestHost host;
  const std::string distro = newId();
  environment::shell(
      "mkdir -p /run/evil/etc && cd /run/evil && ln -sfn /run out && tar -cf /run/evil.tar etc out && rm out && mkdir "
      "out && "
      "echo x > out/owned && tar -rf /run/evil.tar out/owned && tar -P -rf /run/evil.tar /run/evil/out/owned "
      "--transform "
      "'s,^.*$,../../../../run/owned,'");
  host.call("distro.create", {{"distro", distro}});
  import(host, distro, "/run/evil.tar", "none");
  CHECK(!pathExists("/run/owned"));
  host.call("distro.delete", {{"distro", distro}});
}

TEST("store: leftovers of an interrupted run are removed on the first attach") {
  environment::require();
  const std::string partial = partialPath(newId());
  const std::string deleted = deletedPath(newId());
  for (const auto& directory : {partial, deleted}) {
    makeDirectories(directory);
    createSubvolume(directory, "rootfs");
  }
  TestHost host;
  host.call("store.attach", {{"lun", 1}, {"format", false}});
  host.until([&] { return !pathExists(partial) && !pathExists(deleted); }, "removal of leftovers");
}
