#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tswsl {

/** A line of passwd(5). */
struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home;
  std::string shell;
};

/** The account of that name, else, if `user` is a decimal number, of that uid. Malformed lines are passed over. */
std::optional<Account> findAccount(std::string_view passwd, const std::string& user);

/** The groups of group(5) that list the user, and `primary`, once each. */
std::vector<gid_t> groupsOf(std::string_view group, const std::string& user, gid_t primary);

/** A decimal uid or gid; nothing for anything else. */
std::optional<uint32_t> parseId(std::string_view text);

}  // namespace tswsl
