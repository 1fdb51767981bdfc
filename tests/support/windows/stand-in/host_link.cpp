#include "host_link.h"

#include <thread>

#include "host_address.h"

namespace {

std::mutex currentMutex;
std::shared_ptr<HostLink> current;

}  // namespace

uint64_t Reply::Handle(size_t index) const {
  const Field field = Result(index);
  return field ? std::stoull(*field) : 0;
}

std::shared_ptr<HostLink> HostLink::Get(const wchar_t* role) {
  const std::lock_guard<std::mutex> lock(currentMutex);
  if (current) {
    const std::lock_guard<std::mutex> state(current->mutex_);
    if (current->alive_) return current;
  }
  const SOCKET socket = ConnectToHost();
  if (socket == INVALID_SOCKET) return nullptr;
  current = std::shared_ptr<HostLink>(new HostLink(socket));
  SendMessageTo(socket, {L"hello", role, std::to_wstring(GetCurrentProcessId())});
  std::thread([link = current] { link->Read(); }).detach();
  std::thread([link = current] { link->Deliver(); }).detach();
  return current;
}

Reply HostLink::Call(const wchar_t* role, const wchar_t* function, Message arguments) {
  const std::shared_ptr<HostLink> link = Get(role);
  return link ? link->Ask(function, std::move(arguments)) : Reply();
}

Reply HostLink::Ask(const wchar_t* function, Message arguments) {
  Waiter waiter;
  uint64_t call = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    call = nextCall_++;
    waiters_[call] = &waiter;
  }
  Message message = {L"call", std::to_wstring(call), function};
  message.insert(message.end(), arguments.begin(), arguments.end());
  bool sent = false;
  {
    const std::lock_guard<std::mutex> lock(sending_);
    sent = SendMessageTo(socket_, message);
  }
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return waiter.done || !alive_ || !sent; });
  waiters_.erase(call);
  if (!waiter.done) waiter.reply.hresult = kServiceDisconnect;
  return waiter.reply;
}

void HostLink::Tell(const wchar_t* what, Message arguments) {
  Message message = {L"tell", what};
  message.insert(message.end(), arguments.begin(), arguments.end());
  const std::lock_guard<std::mutex> lock(sending_);
  SendMessageTo(socket_, message);
}

void HostLink::Listen(Listener listener) {
  const std::lock_guard<std::mutex> lock(mutex_);
  listener_ = std::move(listener);
}

void HostLink::Drain() {
  std::unique_lock<std::mutex> lock(mutex_);
  const uint64_t upTo = enqueued_;
  changed_.wait(lock, [&] { return delivered_ >= upTo; });
}

void HostLink::Enqueue(Message message) {
  const std::lock_guard<std::mutex> lock(mutex_);
  events_.push_back(std::move(message));
  enqueued_++;
  changed_.notify_all();
}

void HostLink::Read() {
  while (std::optional<Message> message = ReceiveMessageFrom(socket_)) {
    if (message->size() < 3 || (*message)[0] != L"reply") {
      Enqueue(std::move(*message));
      continue;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = waiters_.find(std::stoull(*(*message)[1]));
    if (found == waiters_.end()) continue;
    Reply& reply = found->second->reply;
    reply.hresult = static_cast<HRESULT>(std::stoul(*(*message)[2]));
    reply.results.assign(message->begin() + 3, message->end());
    found->second->done = true;
    changed_.notify_all();
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    alive_ = false;
    changed_.notify_all();
  }
  closesocket(socket_);
  Enqueue({L"gone"});
}

void HostLink::Deliver() {
  for (bool gone = false; !gone;) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return !events_.empty(); });
    const Message message = std::move(events_.front());
    events_.pop_front();
    const Listener listener = listener_;
    lock.unlock();
    if (listener) listener(message);
    gone = message[0] == L"gone";
    lock.lock();
    delivered_++;
    changed_.notify_all();
  }
}
