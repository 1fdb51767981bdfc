#include "exec/account_files.h"

#include <algorithm>
#include <charconv>

#include "base/split.h"

namespace tswsl {
namespace {

/** The kernel's limit on the supplementary groups of a process (NGROUPS_MAX). */
constexpr size_t maxGroups = 65536;

std::optional<Account> parseAccount(std::string_view line) {
  const auto fields = split(line, ':');
  if (fields.size() != 7 || fields[0].empty()) return std::nullopt;
  const auto uid = parseId(fields[2]);
  const auto gid = parseId(fields[3]);
  if (!uid || !gid) return std::nullopt;
  return Account{std::string(fields[0]), *uid, *gid, std::string(fields[5]), std::string(fields[6])};
}

}  // namespace

std::optional<uint32_t> parseId(std::string_view text) {
  uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  // 2^32-1 means "no change" to setuid's relatives.
  if (text.empty() || error != std::errc() || stop != end || value == ~0U) return std::nullopt;
  return value;
}

std::optional<Account> findAccount(std::string_view passwd, const std::string& user) {
  const auto uid = parseId(user);
  std::optional<Account> byUid;
  for (const auto line : split(passwd, '\n')) {
    const auto account = parseAccount(line);
    if (account && account->name == user) return account;
    if (account && !byUid && account->uid == uid) byUid = account;
  }
  return byUid;
}

std::vector<gid_t> groupsOf(std::string_view group, const std::string& user, gid_t primary) {
  std::vector<gid_t> groups = {primary};
  for (const auto line : split(group, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() != 4 || groups.size() >= maxGroups) continue;
    const auto members = split(fields[3], ',');
    const auto gid = parseId(fields[2]);
    const bool member = std::find(members.begin(), members.end(), user) != members.end();
    if (gid && member && std::find(groups.begin(), groups.end(), *gid) == groups.end()) groups.push_back(*gid);
  }
  return groups;
}

}  // namespace tswsl
