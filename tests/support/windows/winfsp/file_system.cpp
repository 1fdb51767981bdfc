#include "file_system.h"

#include <algorithm>
#include <cstring>

using tswsl::winfsp::DirectoryInfo;
using tswsl::winfsp::Interface;
using tswsl::winfsp::NtStatus;
using tswsl::winfsp::VolumeParams;

namespace {

std::mutex registry;
std::vector<StandIn*> file_systems;

constexpr auto kInvalidParameter = static_cast<NtStatus>(0xC000000D);
constexpr auto kNameCollision = static_cast<NtStatus>(0xC0000035);

void Serve(StandIn* file_system) {
  std::unique_lock lock(file_system->mutex);
  for (;;) {
    file_system->changed.wait(lock, [&] { return file_system->stopping || !file_system->work.empty(); });
    if (file_system->work.empty()) return;
    const auto call = std::move(file_system->work.front());
    file_system->work.pop_front();
    lock.unlock();
    call();
    lock.lock();
  }
}

}  // namespace

bool StandIn::Dispatch(const std::function<void()>& call) {
  std::mutex done_mutex;
  std::condition_variable finished;
  bool done = false;
  {
    const std::lock_guard lock(mutex);
    if (stopping || threads.empty()) return false;
    work.emplace_back([&] {
      call();
      const std::lock_guard lock(done_mutex);
      done = true;
      finished.notify_one();
    });
    changed.notify_one();
  }
  std::unique_lock lock(done_mutex);
  finished.wait(lock, [&] { return done; });
  return true;
}

StandIn* FindFileSystem(const std::wstring& prefix) {
  const std::lock_guard lock(registry);
  for (StandIn* file_system : file_systems) {
    if (file_system->prefix == prefix) return file_system;
  }
  return nullptr;
}

extern "C" {

NtStatus FspFileSystemCreate(PWSTR device, const VolumeParams* params, const Interface* callbacks,
                             tswsl::winfsp::FileSystem** result) {
  const std::wstring prefix = params->prefix;
  const bool well_formed = prefix.size() > 2 && prefix[0] == L'\\' && prefix[1] != L'\\' &&
                           prefix.find(L'\\', 1) != std::wstring::npos;
  if (std::wstring(device) != L"WinFsp.Net" || params->version != sizeof(VolumeParams) || !well_formed) {
    return kInvalidParameter;
  }
  if (FindFileSystem(prefix) != nullptr) return kNameCollision;
  auto* file_system = new StandIn();
  file_system->callbacks = callbacks;
  file_system->prefix = prefix;
  const std::lock_guard lock(registry);
  file_systems.push_back(file_system);
  *result = file_system;
  return 0;
}

NtStatus FspFileSystemStartDispatcher(tswsl::winfsp::FileSystem* handle, ULONG threads) {
  auto* file_system = static_cast<StandIn*>(handle);
  for (ULONG i = 0; i < threads; i++) file_system->threads.emplace_back(Serve, file_system);
  return 0;
}

VOID FspFileSystemStopDispatcher(tswsl::winfsp::FileSystem* handle) {
  auto* file_system = static_cast<StandIn*>(handle);
  {
    const std::lock_guard lock(file_system->mutex);
    file_system->stopping = true;
    file_system->changed.notify_all();
  }
  for (std::thread& thread : file_system->threads) thread.join();
  file_system->callbacks->DispatcherStopped(file_system, TRUE);
}

VOID FspFileSystemDelete(tswsl::winfsp::FileSystem* handle) {
  auto* file_system = static_cast<StandIn*>(handle);
  {
    const std::lock_guard lock(registry);
    std::erase(file_systems, file_system);
  }
  delete file_system;
}

// Entries are aligned to eight bytes; an end mark is two of size zero.
BOOLEAN FspFileSystemAddDirInfo(DirectoryInfo* info, PVOID buffer, ULONG length, PULONG done) {
  static const UINT16 end = 0;
  const UINT16 size = info == nullptr ? sizeof end : info->size;
  const ULONG aligned = (static_cast<ULONG>(size) + 7) & ~7ul;
  if (*done + size > length) return FALSE;
  std::memcpy(static_cast<char*>(buffer) + *done, info == nullptr ? static_cast<const void*>(&end) : info, size);
  *done = info == nullptr ? *done + size : std::min(*done + aligned, length);
  return TRUE;
}

}  // extern "C"
