#include "distro/lock.h"

namespace tswsl {

void DistroLocks::run(const std::shared_ptr<Queues>& queues, const std::string& distro, const Deed& deed) {
  // The token needs no object: only its end matters.
  Token token(nullptr, [weak = std::weak_ptr(queues), distro](void*) {
    const auto held = weak.lock();
    if (!held) return;
    const auto it = held->waiting.find(distro);
    if (it->second.empty()) {
      held->waiting.erase(it);
      return;
    }
    const Deed next = std::move(it->second.front());
    it->second.pop_front();
    run(held, distro, next);
  });
  deed(std::move(token));
}

void DistroLocks::acquire(const std::string& distro, Deed deed) {
  const auto [it, free] = queues_->waiting.try_emplace(distro);
  if (free) return run(queues_, distro, deed);
  it->second.push_back(std::move(deed));
}

}  // namespace tswsl
