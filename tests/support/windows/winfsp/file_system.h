#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "winfsp/windows/layout.h"

/** A file system that was created: its dispatcher's threads do what they are given. Has the layout that callers know. */
struct StandIn : tswsl::winfsp::FileSystem {
  const tswsl::winfsp::Interface* callbacks = nullptr;
  std::wstring prefix;
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::deque<std::function<void()>> work;
  std::vector<std::thread> threads;

  /** Runs it on a dispatcher's thread and waits for it. False when there are none. */
  bool Dispatch(const std::function<void()>& call);
};

/** The one with this prefix, or null. */
StandIn* FindFileSystem(const std::wstring& prefix);

/** Security descriptors that were given out and not taken back. */
int DescriptorsInUse();
