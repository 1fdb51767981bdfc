#pragma once

#include <winsock2.h>

#include <windows.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "wire.h"

/** HRESULTs of a service that is not there, and of one that was there until now. */
inline constexpr HRESULT kServiceNotAvailable = static_cast<HRESULT>(0x80370114);
inline constexpr HRESULT kServiceDisconnect = static_cast<HRESULT>(0x8037011E);

struct Reply {
  HRESULT hresult = kServiceNotAvailable;
  /** What the call returns besides: documents, handles. */
  Message results;

  Field Result(size_t index) const { return index < results.size() ? results[index] : std::nullopt; }
  uint64_t Handle(size_t index) const;
};

/**
 * The library's one connection, which is also its lifeline: the process on Linux ends the machines of a connection that
 * drops. A dropped connection fails the calls that wait; the next call makes a new one.
 */
class HostLink : public std::enable_shared_from_this<HostLink> {
 public:
  using Listener = std::function<void(const Message&)>;

  /** The connection of this library. `role` says what it serves; null when nobody does. */
  static std::shared_ptr<HostLink> Get(const wchar_t* role);

  /** Forwards a call and waits for its answer. */
  static Reply Call(const wchar_t* role, const wchar_t* function, Message arguments);

  /** Sends without an answer. */
  void Tell(const wchar_t* what, Message arguments);

  /** What is called, on a thread of its own and one after the other, with the host's events; and at the end with "gone". */
  void Listen(Listener listener);

  /** Returns when all events received so far have been delivered. */
  void Drain();

 private:
  struct Waiter {
    bool done = false;
    Reply reply;
  };

  explicit HostLink(SOCKET socket) : socket_(socket) {}
  Reply Ask(const wchar_t* function, Message arguments);
  void Read();
  void Deliver();
  void Enqueue(Message message);

  SOCKET socket_;
  std::mutex sending_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool alive_ = true;
  uint64_t nextCall_ = 1;
  std::map<uint64_t, Waiter*> waiters_;
  std::deque<Message> events_;
  uint64_t enqueued_ = 0;
  uint64_t delivered_ = 0;
  Listener listener_;
};
