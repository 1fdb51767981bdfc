#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace tswsl {

/**
 * One deed at a time on each distro: create, import, commit, start and delete wait for one another in the order in
 * which they came. A deed is over when its token is gone.
 */
class DistroLocks {
 public:
  using Token = std::shared_ptr<void>;
  using Deed = std::function<void(Token)>;

  /** Runs the deed now or when those before it are over. */
  void acquire(const std::string& distro, Deed deed);

 private:
  struct Queues {
    std::map<std::string, std::deque<Deed>> waiting;
  };

  static void run(const std::shared_ptr<Queues>& queues, const std::string& distro, const Deed& deed);

  std::shared_ptr<Queues> queues_ = std::make_shared<Queues>();
};

}  // namespace tswsl
