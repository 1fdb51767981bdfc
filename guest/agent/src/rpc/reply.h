#pragma once

#include <functional>
#include <memory>

#include "base/json.h"

namespace tswsl::rpc {

/** How a request ended. */
struct Answer {
  Json result;
  std::optional<Failure> failure;
  /** The failure is that the parameters are not those of the contract. */
  bool badParams = false;
};

/**
 * The duty to answer one request. Copies share it; the first answer counts. When the last copy goes away unanswered
 * the peer is told so, rather than left to wait.
 */
class Reply {
 public:
  using Send = std::function<void(const Answer&)>;

  explicit Reply(Send send) : duty_(std::make_shared<Duty>(std::move(send))) {}

  void ok(Json result = Json::object()) const { duty_->answer({std::move(result), std::nullopt, false}); }
  void fail(const Failure& failure) const { duty_->answer({{}, failure, false}); }
  void reject(const Failure& failure) const { duty_->answer({{}, failure, true}); }
  void finish(const Answer& answer) const { duty_->answer(answer); }

 private:
  struct Duty {
    explicit Duty(Send sender) : send(std::move(sender)) {}
    ~Duty() { answer({{}, Failure(Code::internal, "the request was dropped"), false}); }
    Duty(const Duty&) = delete;
    Duty& operator=(const Duty&) = delete;
    void answer(const Answer& answer) {
      const Send sender = std::exchange(send, nullptr);
      if (sender) sender(answer);
    }
    Send send;
  };

  std::shared_ptr<Duty> duty_;
};

}  // namespace tswsl::rpc
