#include "vmp/hv_socket.h"

#include <memory>
#include <utility>

#include "addon/own_thread.h"
#include "addon/text.h"
#include "vmp/hv_socket_address.h"
#include "vmp/overlapped_socket.h"
#include "vmp/when_set.h"

namespace tswsl {
namespace {

constexpr size_t kReadSize = 256 * 1024;

/** The module's classes, kept with its environment. */
struct Classes {
  Napi::FunctionReference socket;
  Napi::FunctionReference listener;
};

/** Makes a JavaScript object around a native one that its constructor takes over. */
template <typename Native>
Napi::Object Wrap(Napi::Env env, const Napi::FunctionReference& constructor, std::shared_ptr<Native> native) {
  return constructor.New({Napi::External<std::shared_ptr<Native>>::New(env, &native)});
}

template <typename Native>
std::shared_ptr<Native> TakeOver(const Napi::CallbackInfo& info) {
  if (!info[0].IsExternal()) throw Napi::TypeError::New(info.Env(), "not made by a constructor");
  // The one External that Wrap passes.
  return std::move(*info[0].As<Napi::External<std::shared_ptr<Native>>>().Data());
}

Napi::Object Failure(Napi::Env env, int error) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("error", Napi::Number::New(env, error));
  return object;
}

Conversion ErrorOnly(int error) {
  return [error](Napi::Env env) -> Napi::Value { return Failure(env, error); };
}

/** A read under way. */
struct Reading {
  std::shared_ptr<OverlappedSocket> socket;
  Napi::Promise::Deferred deferred;
  std::unique_ptr<char[]> bytes = std::make_unique_for_overwrite<char[]>(kReadSize);
  Pending pending = {};

  void Resolve(Napi::Env env, const Transfer& received) {
    Napi::Object object = Failure(env, received.error);
    object.Set("chunk", Napi::Buffer<char>::Copy(env, bytes.get(), received.bytes));
    deferred.Resolve(object);
  }
};

/** A write under way: what is left of it. */
struct Writing {
  std::shared_ptr<OverlappedSocket> socket;
  Napi::Promise::Deferred deferred;
  /** Keeps the bytes in place until they are gone. */
  Napi::Reference<Napi::Buffer<char>> kept;
  const char* data;
  size_t left;
  Pending pending = {};
};

/** Goes on once a transfer that has begun is complete: at once when it is, as most writes are. */
void WhenComplete(Napi::Env env, const Pending& pending, std::function<void(Napi::Env)> then) {
  if (pending.IsComplete()) {
    then(env);
  } else {
    WhenSet(env, pending.event(), std::move(then));
  }
}

void SendRest(Napi::Env env, std::shared_ptr<Writing> writing) {
  const int error =
      writing->left == 0 ? 0 : writing->socket->BeginSend(writing->data, writing->left, writing->pending);
  if (writing->left == 0 || error != 0) {
    writing->deferred.Resolve(Failure(env, error));
    return;
  }
  WhenComplete(env, writing->pending, [writing](Napi::Env env) {
    const Transfer sent = writing->socket->Result(writing->pending);
    if (sent.error != 0) {
      writing->deferred.Resolve(Failure(env, sent.error));
      return;
    }
    writing->data += sent.bytes;
    writing->left -= sent.bytes;
    SendRest(env, writing);
  });
}

/** A connected socket in JavaScript. One read and one write may be in progress. */
class HvSocket : public Napi::ObjectWrap<HvSocket> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "HvSocket",
                       {
                           InstanceMethod<&HvSocket::Read>("read"),
                           InstanceMethod<&HvSocket::Write>("write"),
                           InstanceMethod<&HvSocket::ShutDown>("shutdown"),
                           InstanceMethod<&HvSocket::Close>("close"),
                       });
  }

  explicit HvSocket(const Napi::CallbackInfo& info) : ObjectWrap(info), socket_(TakeOver<OverlappedSocket>(info)) {}

  ~HvSocket() override {
    if (socket_) socket_->Stop();
  }

 private:
  Napi::Value Read(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    auto reading = std::make_shared<Reading>(Open(info), Napi::Promise::Deferred::New(env));
    const int error = reading->socket->BeginReceive(reading->bytes.get(), kReadSize, reading->pending);
    if (error != 0) {
      reading->Resolve(env, {0, error});
    } else {
      WhenComplete(env, reading->pending, [reading](Napi::Env env) {
        reading->Resolve(env, reading->socket->Result(reading->pending));
      });
    }
    return reading->deferred.Promise();
  }

  Napi::Value Write(const Napi::CallbackInfo& info) {
    if (!info[0].IsBuffer()) throw Napi::TypeError::New(info.Env(), "argument 0 must be a buffer");
    const auto buffer = info[0].As<Napi::Buffer<char>>();
    auto writing = std::make_shared<Writing>(Open(info), Napi::Promise::Deferred::New(info.Env()),
                                             Napi::Persistent(buffer), buffer.Data(), buffer.Length());
    SendRest(info.Env(), writing);
    return writing->deferred.Promise();
  }

  Napi::Value ShutDown(const Napi::CallbackInfo& info) {
    return OnOwnThread(info.Env(),
                       [socket = Open(info)]() -> Conversion { return ErrorOnly(socket->ShutDownSending()); });
  }

  Napi::Value Close(const Napi::CallbackInfo& info) {
    // What is under way holds it until it is complete, which it is now.
    if (socket_) socket_->Stop();
    socket_.reset();
    return info.Env().Undefined();
  }

  const std::shared_ptr<OverlappedSocket>& Open(const Napi::CallbackInfo& info) const {
    if (!socket_) throw Napi::Error::New(info.Env(), "the socket is closed");
    return socket_;
  }

  std::shared_ptr<OverlappedSocket> socket_;
};

/** A listening socket and what ends an accept that waits. */
class AcceptingSocket {
 public:
  explicit AcceptingSocket(SOCKET socket) : socket_(socket), stopped_(WSACreateEvent()), arrived_(WSACreateEvent()) {
    WSAEventSelect(socket_, arrived_, FD_ACCEPT);
  }
  AcceptingSocket(const AcceptingSocket&) = delete;
  AcceptingSocket& operator=(const AcceptingSocket&) = delete;
  ~AcceptingSocket() {
    closesocket(socket_);
    WSACloseEvent(stopped_);
    WSACloseEvent(arrived_);
  }

  OpenedSocket Accept() {
    const WSAEVENT events[] = {stopped_, arrived_};
    for (;;) {
      if (WSAWaitForMultipleEvents(2, events, FALSE, WSA_INFINITE, FALSE) == WSA_WAIT_EVENT_0) {
        return {INVALID_SOCKET, WSAEDISCON};
      }
      WSAResetEvent(arrived_);
      const SOCKET accepted = accept(socket_, nullptr, nullptr);
      if (accepted != INVALID_SOCKET) {
        // It inherits the listener's event.
        WSAEventSelect(accepted, nullptr, 0);
        return {accepted, 0};
      }
      if (WSAGetLastError() != WSAEWOULDBLOCK) return {INVALID_SOCKET, WSAGetLastError()};
    }
  }

  void Stop() { WSASetEvent(stopped_); }

 private:
  SOCKET socket_;
  WSAEVENT stopped_;
  WSAEVENT arrived_;
};

/** A listening socket in JavaScript. One accept may be in progress. */
class HvListener : public Napi::ObjectWrap<HvListener> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "HvListener",
                       {InstanceMethod<&HvListener::Accept>("accept"), InstanceMethod<&HvListener::Close>("close")});
  }

  explicit HvListener(const Napi::CallbackInfo& info)
      : ObjectWrap(info), listener_(TakeOver<AcceptingSocket>(info)) {}

  ~HvListener() override {
    if (listener_) listener_->Stop();
  }

 private:
  Napi::Value Accept(const Napi::CallbackInfo& info);

  Napi::Value Close(const Napi::CallbackInfo& info) {
    if (listener_) listener_->Stop();
    listener_.reset();
    return info.Env().Undefined();
  }

  std::shared_ptr<AcceptingSocket> listener_;
};

/** `{ error, socket }` */
Conversion ToSocket(const OpenedSocket& opened) {
  if (opened.error != 0) return ErrorOnly(opened.error);
  auto socket = std::make_shared<OverlappedSocket>(opened.socket);
  return [socket](Napi::Env env) -> Napi::Value {
    Napi::Object object = Failure(env, 0);
    object.Set("socket", Wrap(env, env.GetInstanceData<Classes>()->socket, socket));
    return object;
  };
}

Napi::Value HvListener::Accept(const Napi::CallbackInfo& info) {
  if (!listener_) throw Napi::Error::New(info.Env(), "the listener is closed");
  return OnOwnThread(info.Env(), [listener = listener_]() -> Conversion { return ToSocket(listener->Accept()); });
}

Napi::Value Connect(const Napi::CallbackInfo& info) {
  const GUID vm = GuidArgument(info, 0);
  const GUID service = GuidArgument(info, 1);
  if (!info[2].IsNumber()) throw Napi::TypeError::New(info.Env(), "argument 2 must be a number");
  const DWORD timeoutMs = info[2].As<Napi::Number>().Uint32Value();
  return OnOwnThread(info.Env(), [vm, service, timeoutMs]() -> Conversion {
    return ToSocket(ConnectHvSocket(vm, service, timeoutMs));
  });
}

Napi::Value Listen(const Napi::CallbackInfo& info) {
  const GUID vm = GuidArgument(info, 0);
  const GUID service = GuidArgument(info, 1);
  return OnOwnThread(info.Env(), [vm, service]() -> Conversion {
    const OpenedSocket opened = ListenHvSocket(vm, service);
    if (opened.error != 0) return ErrorOnly(opened.error);
    auto listener = std::make_shared<AcceptingSocket>(opened.socket);
    return [listener](Napi::Env env) -> Napi::Value {
      Napi::Object object = Failure(env, 0);
      object.Set("listener", Wrap(env, env.GetInstanceData<Classes>()->listener, listener));
      return object;
    };
  });
}

}  // namespace

void DefineHvSocket(Napi::Env env, Napi::Object exports) {
  WSADATA winsock;
  // Never fails for 2.2 on a Windows that runs Node, which asks for the same.
  WSAStartup(MAKEWORD(2, 2), &winsock);
  env.SetInstanceData(
      new Classes{Napi::Persistent(HvSocket::Define(env)), Napi::Persistent(HvListener::Define(env))});
  exports.Set("connectHvSocket", Napi::Function::New<Connect>(env));
  exports.Set("listenHvSocket", Napi::Function::New<Listen>(env));
}

}  // namespace tswsl
