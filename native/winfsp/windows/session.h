#pragma once

#include "winfsp/host.h"
#include "winfsp/windows/library.h"
#include "winfsp/windows/security.h"

namespace tswsl::winfsp {

/** A file system of WinFsp's: a network volume that has a prefix and no drive letter. */
class Session : public Host {
 public:
  /** Throws MountError. */
  Session(const MountOptions& options, std::shared_ptr<Volume> volume);
  ~Session() override;
  void Stop() override;

  const Library& library() const { return library_; }
  Volume& volume() const { return *volume_; }
  Owner owner() const { return owner_; }

 private:
  const Library& library_;
  const std::shared_ptr<Volume> volume_;
  const Owner owner_;
  FileSystem* file_system_ = nullptr;
};

}  // namespace tswsl::winfsp
