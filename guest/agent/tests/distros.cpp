#include "distros.h"

#include "base/files.h"
#include "environment.h"
#include "harness.h"

using namespace tswsl;
using frames::Type;

namespace distros {

std::string newId() {
  static int count = 0;
  char id[37];
  std::snprintf(id, sizeof id, "%08x-0000-4000-8000-000000000000", ++count);
  return id;
}

int import(TestHost& host, const std::string& distro, const std::string& archive, const std::string& compression) {
  const uint32_t id = host.openFrames({{"kind", "import"}, {"distro", distro}, {"compression", compression}, {"disk", nullptr}});
  const std::string content = readFile(archive, 64 * 1024 * 1024).value();
  size_t sent = 0;
  while (sent < content.size()) {
    const size_t allowed = frames::initialCredit + static_cast<size_t>(host.stream(id).inputCredit) - sent;
    const size_t part = std::min({allowed, frames::maxDataBytes, content.size() - sent});
    if (part > 0) host.sendFrame(id, Type::standardInput, std::string_view(content).substr(sent, part));
    else host.until([&] { return host.stream(id).inputCredit + frames::initialCredit > sent; }, "import credit");
    sent += part;
  }
  host.sendFrame(id, Type::standardInput);
  return host.waitExit(id);
}

std::string makeArchive() {
  const std::string tree = environment::makeRootTree();
  environment::shell("tar -C " + tree + " -cf " + tree + ".tar .");
  return tree + ".tar";
}

std::string install(TestHost& host) {
  const std::string distro = newId();
  host.call("distro.create", {{"distro", distro}});
  CHECK_EQ(import(host, distro, makeArchive(), "none"), 0);
  host.call("distro.commit", {{"distro", distro}});
  return distro;
}

Json startParams(const std::string& distro) {
  return {{"distro", distro},
          {"config", environment::ociConfig()},
          {"network", {{"address", "10.99.0.2"}, {"prefix", 24}, {"gateway", "10.99.0.1"}}},
          {"files", {{{"path", "/etc/hostname"}, {"content", "fake\n"}, {"mode", 0644}}}},
          {"limits", {{"memoryBytes", nullptr}, {"cpuMicros", nullptr}, {"pids", nullptr}}}};
}

Json execHeader(const std::string& distro, const std::string& line) {
  return {{"kind", "exec"},      {"distro", distro}, {"user", "root"},        {"cwd", "/"},
          {"shell", "standard"}, {"argv", {line}},   {"env", Json::object()}, {"cgroup", nullptr},
          {"tty", nullptr},      {"stdin", "pipe"},  {"stdout", "pipe"},      {"stderr", "pipe"}};
}

Json with(Json header, const Json& changes) {
  header.update(changes);
  return header;
}

Json onTerminal() {
  return {{"tty", {{"rows", 24}, {"columns", 80}}}, {"stdin", "tty"}, {"stdout", "tty"}, {"stderr", "tty"}};
}

Started::Started() : distro(install(host)) { pid = host.call("distro.start", startParams(distro))["pid"]; }

Started::~Started() { host.response("distro.stop", {{"distro", distro}, {"graceMs", 0}}); }

std::string Started::run(const Json& header) {
  const uint32_t id = host.openFrames(header);
  const int status = host.waitExit(id);
  if (status != 0) throw test::Failed("status " + std::to_string(status) + ": " + host.stream(id).error);
  return host.stream(id).output;
}

}  // namespace distros
