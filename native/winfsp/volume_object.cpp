#include "winfsp/volume_object.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "addon/own_thread.h"
#include "winfsp/host.h"
#include "winfsp/js_conversion.h"
#include "winfsp/linux_errors.h"
#include "winfsp/volume.h"

namespace tswsl {
namespace {

// A volume and what shows it. Outlives its JavaScript object while a thread mounts or unmounts it.
class Shown {
 public:
  Shown(MountOptions options, std::shared_ptr<Volume> volume)
      : options_(std::move(options)), volume_(std::move(volume)) {}

  Volume& volume() { return *volume_; }

  MountError Start() {
    const std::lock_guard lock(mutex_);
    if (stopped_) return {.code = linux_errors::kNotConnected, .message = "unmounted before it was mounted"};
    try {
      host_ = StartHost(options_, volume_);
      return {.code = 0, .message = ""};
    } catch (const MountError& error) {
      return error;
    }
  }

  // The callers first: what waits for an answer would hold up the unmounting. Idempotent.
  void Stop() {
    volume_->Close();
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (host_) host_->Stop();
    host_.reset();
  }

 private:
  const MountOptions options_;
  const std::shared_ptr<Volume> volume_;
  std::mutex mutex_;
  bool stopped_ = false;
  std::unique_ptr<Host> host_;
};

void StopAtExit(void* shown) { static_cast<Shown*>(shown)->Stop(); }

std::string TextOption(const Napi::Object& options, const char* name) {
  const Napi::Value value = options.Get(name);
  if (!value.IsString()) throw Napi::TypeError::New(value.Env(), std::string(name) + " must be a string");
  return value.As<Napi::String>().Utf8Value();
}

std::chrono::milliseconds TimeOption(const Napi::Object& options, const char* name) {
  return std::chrono::milliseconds(ToUnsigned(options.Get(name), name));
}

class VolumeObject : public Napi::ObjectWrap<VolumeObject> {
 public:
  static Napi::Function Class(Napi::Env env) {
    return DefineClass(
        env, "Volume",
        {InstanceMethod<&VolumeObject::Mount>("mount"), InstanceMethod<&VolumeObject::Succeed>("succeed"),
         InstanceMethod<&VolumeObject::Fail>("fail"), InstanceMethod<&VolumeObject::Extend>("extend"),
         InstanceMethod<&VolumeObject::Unmount>("unmount")});
  }

  explicit VolumeObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<VolumeObject>(info), env_(info.Env()) {
    if (!info[0].IsObject()) throw Napi::TypeError::New(env_, "argument 0 must be an object");
    if (!info[1].IsFunction()) throw Napi::TypeError::New(env_, "argument 1 must be a function");
    const auto options = info[0].As<Napi::Object>();
    MountOptions mount{
        .mount_point = TextOption(options, "mountPoint"),
        .prefix = TextOption(options, "prefix"),
        .name = TextOption(options, "fileSystemName"),
        .attribute_timeout = TimeOption(options, "attributeTimeoutMs"),
    };
    const auto deadline = TimeOption(options, "deadlineMs");
    shown_ = std::make_shared<Shown>(std::move(mount), Volume::Make(env_, info[1].As<Napi::Function>(), deadline));
    napi_add_env_cleanup_hook(env_, StopAtExit, shown_.get());
  }

  ~VolumeObject() override {
    if (!shown_) return;
    napi_remove_env_cleanup_hook(env_, StopAtExit, shown_.get());
    shown_->Stop();
    shown_->volume().Release();
  }

 private:
  Napi::Value Mount(const Napi::CallbackInfo& info) {
    if (std::exchange(mounted_, true)) throw Napi::Error::New(info.Env(), "a volume is mounted once");
    Ref();
    return OnOwnThread(info.Env(), [this, shown = shown_]() -> Conversion {
      const MountError error = shown->Start();
      return [this, error](Napi::Env env) -> Napi::Value {
        Unref();
        Napi::Object outcome = Napi::Object::New(env);
        outcome.Set("error", Napi::Number::New(env, error.code));
        outcome.Set("message", Napi::String::New(env, error.message));
        return outcome;
      };
    });
  }

  Napi::Value Succeed(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), shown_->volume().Succeed(ToUnsigned(info[0], "id"), info[1]));
  }

  void Fail(const Napi::CallbackInfo& info) {
    const uint64_t error = ToUnsigned(info[1], "errno");
    if (error == 0 || error > 4095) throw Napi::RangeError::New(info.Env(), "errno must be from 1 to 4095");
    shown_->volume().Fail(ToUnsigned(info[0], "id"), static_cast<int>(error));
  }

  void Extend(const Napi::CallbackInfo& info) {
    const std::chrono::milliseconds time(ToUnsigned(info[1], "milliseconds"));
    shown_->volume().Extend(ToUnsigned(info[0], "id"), time);
  }

  Napi::Value Unmount(const Napi::CallbackInfo& info) {
    return OnOwnThread(info.Env(), [shown = shown_]() -> Conversion {
      shown->Stop();
      return [shown](Napi::Env env) -> Napi::Value {
        shown->volume().Release();
        return env.Undefined();
      };
    });
  }

  Napi::Env env_;
  bool mounted_ = false;
  std::shared_ptr<Shown> shown_;
};

Napi::Value CreateVolume(const Napi::CallbackInfo& info) {
  // Set by DefineVolume.
  return info.Env().GetInstanceData<Napi::FunctionReference>()->New({info[0], info[1]});
}

Napi::Value Missing(const Napi::CallbackInfo& info) {
  const std::string missing = WhatIsMissing();
  if (missing.empty()) return info.Env().Null();
  return Napi::String::New(info.Env(), missing);
}

}  // namespace

void DefineVolume(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Napi::FunctionReference(Napi::Persistent(VolumeObject::Class(env))));
  exports.Set("createVolume", Napi::Function::New<CreateVolume>(env));
  exports.Set("whatIsMissing", Napi::Function::New<Missing>(env));
}

}  // namespace tswsl
