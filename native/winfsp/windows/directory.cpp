#include "winfsp/windows/directory.h"

#include <cstring>
#include <utility>
#include <vector>

#include "winfsp/linux_errors.h"
#include "winfsp/windows/asking.h"
#include "winfsp/windows/file_info.h"
#include "winfsp/windows/names.h"
#include "winfsp/windows/status.h"

namespace tswsl::winfsp {
namespace {

constexpr uint64_t kBatchBytes = 64 * 1024;

bool IsDots(const std::string& name) { return name == "." || name == ".."; }

int OpenIfNeeded(Volume& volume, OpenFile& directory) {
  if (directory.handle) return 0;
  return Ask(volume, {.operation = Operation::kOpendir, .node = directory.node},
             [&directory](const Answer& answer) { directory.handle = answer.handle; });
}

int ReadEntries(Volume& volume, const OpenFile& directory, uint64_t offset, bool with_attributes,
                std::vector<DirectoryEntry>& entries) {
  return Ask(volume,
             {.operation = Operation::kReaddir,
              .node = directory.node,
              .handle = directory.handle,
              .follow = true,
              .with_attributes = with_attributes,
              .offset = offset,
              .length = kBatchBytes},
             [&entries](const Answer& answer) { entries = answer.entries; });
}

// Where the listing goes on. The kernel asks for what follows any name of the last answer; for another one the listing is
// searched from its beginning.
int FindPosition(Volume& volume, OpenFile& directory, PCWSTR marker, uint64_t& offset) {
  offset = 0;
  if (marker == nullptr) return 0;
  const auto known = directory.positions.find(marker);
  if (known != directory.positions.end()) {
    offset = known->second;
    return 0;
  }
  std::vector<DirectoryEntry> entries;
  do {
    if (const int error = ReadEntries(volume, directory, offset, false, entries); error != 0) return error;
    for (const DirectoryEntry& entry : entries) {
      offset = entry.offset;
      if (ToWindowsName(entry.name) == marker) return 0;
    }
  } while (!entries.empty());
  return 0;
}

// False when there is no more room.
bool Add(const Library& library, const DirectoryEntry& entry, const std::wstring& name, PVOID buffer, ULONG length,
         PULONG done) {
  const size_t bytes = name.size() * sizeof(wchar_t);
  std::vector<UINT64> memory((sizeof(DirectoryInfo) + bytes + 7) / 8);
  auto* info = reinterpret_cast<DirectoryInfo*>(memory.data());
  info->size = static_cast<UINT16>(sizeof(DirectoryInfo) + bytes);
  // Without attributes it has been removed meanwhile, or may not be looked at; its type is known all the same.
  Attributes attributes = entry.attributes;
  if (!entry.node) attributes = {.ino = entry.ino, .mode = entry.type << 12};
  Fill(info->file, attributes);
  std::memcpy(info + 1, name.data(), bytes);
  return library.FspFileSystemAddDirInfo(info, buffer, length, done) != FALSE;
}

}  // namespace

NtStatus ListDirectory(const Library& library, Volume& volume, OpenFile& directory, PCWSTR marker, PVOID buffer,
                       ULONG length, PULONG done) {
  const std::lock_guard lock(directory.mutex);
  if (const int error = OpenIfNeeded(volume, directory); error != 0) return StatusOf(error);
  uint64_t offset = 0;
  if (const int error = FindPosition(volume, directory, marker, offset); error != 0) return StatusOf(error);
  std::map<std::wstring, uint64_t> positions;
  std::vector<DirectoryEntry> entries;
  for (;;) {
    if (const int error = ReadEntries(volume, directory, offset, true, entries); error != 0) return StatusOf(error);
    if (entries.empty()) break;
    for (const DirectoryEntry& entry : entries) {
      offset = entry.offset;
      if (directory.root && IsDots(entry.name)) continue;
      const std::wstring name = ToWindowsName(entry.name);
      if (!Add(library, entry, name, buffer, length, done)) {
        directory.positions = std::move(positions);
        return kSuccess;
      }
      positions.emplace(name, offset);
    }
  }
  library.FspFileSystemAddDirInfo(nullptr, buffer, length, done);
  directory.positions = std::move(positions);
  return kSuccess;
}

NtStatus RequireEmpty(Volume& volume, OpenFile& directory) {
  const std::lock_guard lock(directory.mutex);
  if (const int error = OpenIfNeeded(volume, directory); error != 0) return StatusOf(error);
  std::vector<DirectoryEntry> entries;
  uint64_t offset = 0;
  do {
    if (const int error = ReadEntries(volume, directory, offset, false, entries); error != 0) return StatusOf(error);
    for (const DirectoryEntry& entry : entries) {
      offset = entry.offset;
      if (!IsDots(entry.name)) return StatusOf(linux_errors::kNotEmpty);
    }
  } while (!entries.empty());
  return kSuccess;
}

}  // namespace tswsl::winfsp
