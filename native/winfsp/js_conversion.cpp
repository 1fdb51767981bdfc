#include "winfsp/js_conversion.h"

#include <algorithm>
#include <string>

namespace tswsl {
namespace {

// Names are bytes, and strings of JavaScript hold one in each code unit, as Buffer's "latin1" does.
Napi::Value BytesAsText(Napi::Env env, const std::string& bytes) {
  napi_value text = nullptr;
  if (napi_create_string_latin1(env, bytes.data(), bytes.size(), &text) != napi_ok) throw Napi::Error::New(env);
  return Napi::Value(env, text);
}

std::string TextAsBytes(const Napi::Value& value, const char* what) {
  if (!value.IsString()) throw Napi::TypeError::New(value.Env(), std::string(what) + " must be a string");
  size_t length = 0;
  if (napi_get_value_string_latin1(value.Env(), value, nullptr, 0, &length) != napi_ok) {
    throw Napi::Error::New(value.Env());
  }
  std::string bytes(length, '\0');
  // The string's terminator is written too, where std::string keeps its own.
  if (napi_get_value_string_latin1(value.Env(), value, bytes.data(), length + 1, &length) != napi_ok) {
    throw Napi::Error::New(value.Env());
  }
  return bytes;
}

Napi::Object ObjectOf(const Napi::Value& value, const char* what) {
  if (!value.IsObject()) throw Napi::TypeError::New(value.Env(), std::string(what) + " must be an object");
  return value.As<Napi::Object>();
}

uint64_t UnsignedOf(const Napi::Object& object, const char* name) { return ToUnsigned(object.Get(name), name); }

Time TimeOf(const Napi::Value& value, const char* what) {
  const Napi::Object time = ObjectOf(value, what);
  const Napi::Value seconds = time.Get("seconds");
  if (!seconds.IsNumber()) throw Napi::TypeError::New(value.Env(), "seconds must be a number");
  const uint64_t nanoseconds = std::min<uint64_t>(UnsignedOf(time, "nanoseconds"), 999'999'999);
  return {.seconds = seconds.As<Napi::Number>().Int64Value(), .nanoseconds = static_cast<uint32_t>(nanoseconds)};
}

uint64_t FileNumberOf(const Napi::Object& object) { return UnsignedOf(ObjectOf(object.Get("qid"), "qid"), "path"); }

void SetNumber(Napi::Object& object, const char* name, uint64_t value) {
  object.Set(name, Napi::Number::New(object.Env(), static_cast<double>(value)));
}

template <typename Number>
void SetIfPresent(Napi::Object& object, const char* name, const std::optional<Number>& value) {
  if (value) SetNumber(object, name, *value);
}

void SetTime(Napi::Object& object, const char* name, const std::optional<TimeChange>& time) {
  if (!time) return;
  if (time->now) {
    object.Set(name, Napi::String::New(object.Env(), "now"));
  } else {
    Napi::Object value = Napi::Object::New(object.Env());
    value.Set("seconds", Napi::Number::New(object.Env(), static_cast<double>(time->time.seconds)));
    SetNumber(value, "nanoseconds", time->time.nanoseconds);
    object.Set(name, value);
  }
}

const char* NameOf(Operation operation) {
  switch (operation) {
    case Operation::kLookup: return "lookup";
    case Operation::kForget: return "forget";
    case Operation::kGetattr: return "getattr";
    case Operation::kSetattr: return "setattr";
    case Operation::kReadlink: return "readlink";
    case Operation::kSymlink: return "symlink";
    case Operation::kMknod: return "mknod";
    case Operation::kMkdir: return "mkdir";
    case Operation::kUnlink: return "unlink";
    case Operation::kRmdir: return "rmdir";
    case Operation::kRename: return "rename";
    case Operation::kLink: return "link";
    case Operation::kOpen: return "open";
    case Operation::kCreate: return "create";
    case Operation::kRead: return "read";
    case Operation::kWrite: return "write";
    case Operation::kFlush: return "flush";
    case Operation::kFsync: return "fsync";
    case Operation::kRelease: return "release";
    case Operation::kOpendir: return "opendir";
    case Operation::kReaddir: return "readdir";
    case Operation::kReleasedir: return "releasedir";
    case Operation::kStatfs: return "statfs";
    case Operation::kCancel: return "cancel";
    case Operation::kUnmounted: return "unmounted";
  }
  return "";
}

void SetNewPlace(Napi::Object& object, const Request& request) {
  SetNumber(object, "newNode", request.new_node);
  object.Set("newName", BytesAsText(object.Env(), request.new_name));
}

Napi::Value OwnBytes(Napi::Env env, std::vector<uint8_t>& data) {
  // The vector moves to the Buffer, which may outlive the request.
  auto* owned = new std::vector<uint8_t>(std::move(data));
  return Napi::Buffer<uint8_t>::New(env, owned->data(), owned->size(),
                                    [owned](Napi::Env, uint8_t*) { delete owned; });
}

Attributes AttributesOf(const Napi::Object& object) {
  Attributes attributes;
  attributes.ino = FileNumberOf(object);
  attributes.mode = static_cast<uint32_t>(UnsignedOf(object, "mode"));
  attributes.links = static_cast<uint32_t>(UnsignedOf(object, "links"));
  attributes.uid = static_cast<uint32_t>(UnsignedOf(object, "uid"));
  attributes.gid = static_cast<uint32_t>(UnsignedOf(object, "gid"));
  attributes.device = UnsignedOf(object, "device");
  attributes.size = UnsignedOf(object, "size");
  attributes.blocks = UnsignedOf(object, "blocks");
  attributes.accessed = TimeOf(object.Get("accessed"), "accessed");
  attributes.modified = TimeOf(object.Get("modified"), "modified");
  attributes.changed = TimeOf(object.Get("changed"), "changed");
  const Napi::Value born = object.Get("born");
  if (!born.IsUndefined()) attributes.born = TimeOf(born, "born");
  return attributes;
}

DirectoryEntry DirectoryEntryOf(const Napi::Object& object) {
  DirectoryEntry entry;
  entry.name = TextAsBytes(object.Get("name"), "name");
  entry.ino = FileNumberOf(object);
  entry.type = static_cast<uint32_t>(UnsignedOf(object, "type"));
  entry.offset = UnsignedOf(object, "offset");
  const Napi::Value node = object.Get("node");
  if (!node.IsUndefined()) entry.node = ToUnsigned(node, "node");
  const Napi::Value attributes = object.Get("attributes");
  if (!attributes.IsUndefined()) {
    entry.attributes = AttributesOf(ObjectOf(attributes, "attributes"));
  } else if (entry.node) {
    throw Napi::TypeError::New(object.Env(), "an entry with a node must have attributes");
  }
  return entry;
}

std::vector<DirectoryEntry> DirectoryEntriesOf(const Napi::Value& value) {
  if (!value.IsArray()) throw Napi::TypeError::New(value.Env(), "the answer must be an array");
  const Napi::Array array = value.As<Napi::Array>();
  std::vector<DirectoryEntry> entries;
  entries.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); i++) {
    const Napi::HandleScope scope(value.Env());
    entries.push_back(DirectoryEntryOf(ObjectOf(array.Get(i), "an entry")));
  }
  return entries;
}

Statistics StatisticsOf(const Napi::Object& object) {
  Statistics statistics;
  // Zero would be divided by.
  statistics.block_size = std::max<uint64_t>(UnsignedOf(object, "blockSize"), 1);
  statistics.blocks = UnsignedOf(object, "blocks");
  statistics.free_blocks = UnsignedOf(object, "freeBlocks");
  statistics.available_blocks = UnsignedOf(object, "availableBlocks");
  statistics.files = UnsignedOf(object, "files");
  statistics.free_files = UnsignedOf(object, "freeFiles");
  statistics.name_length = static_cast<uint32_t>(UnsignedOf(object, "nameLength"));
  return statistics;
}

std::span<const uint8_t> BytesOf(const Napi::Value& value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw Napi::TypeError::New(value.Env(), "the answer must be a Uint8Array");
  }
  const auto array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.ByteLength()};
}

}  // namespace

uint64_t ToUnsigned(const Napi::Value& value, const char* what) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  // Not a number is neither.
  if (!(number >= 0 && number <= 9007199254740991.0)) {
    throw Napi::TypeError::New(value.Env(), std::string(what) + " must be an integer that is not negative");
  }
  return static_cast<uint64_t>(number);
}

Napi::Object ToJs(Napi::Env env, Request& request) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("op", Napi::String::New(env, NameOf(request.operation)));
  SetNumber(object, "id", request.id);
  SetNumber(object, "node", request.node);
  SetIfPresent(object, "handle", request.handle);
  switch (request.operation) {
    case Operation::kLookup:
      object.Set("path", BytesAsText(env, request.name));
      object.Set("follow", Napi::Boolean::New(env, request.follow));
      break;
    case Operation::kForget:
      SetNumber(object, "count", request.length);
      break;
    case Operation::kSetattr:
      SetIfPresent(object, "mode", request.mode);
      SetIfPresent(object, "uid", request.uid);
      SetIfPresent(object, "gid", request.gid);
      SetIfPresent(object, "size", request.size);
      SetTime(object, "accessed", request.accessed);
      SetTime(object, "modified", request.modified);
      break;
    case Operation::kSymlink:
      object.Set("name", BytesAsText(env, request.name));
      object.Set("target", BytesAsText(env, request.target));
      break;
    case Operation::kMknod:
      SetNumber(object, "device", request.device);
      [[fallthrough]];
    case Operation::kMkdir:
      SetIfPresent(object, "mode", request.mode);
      [[fallthrough]];
    case Operation::kUnlink:
    case Operation::kRmdir:
      object.Set("name", BytesAsText(env, request.name));
      break;
    case Operation::kRename:
      object.Set("name", BytesAsText(env, request.name));
      SetNumber(object, "flags", request.flags);
      [[fallthrough]];
    case Operation::kLink:
      SetNewPlace(object, request);
      break;
    case Operation::kCreate:
      object.Set("name", BytesAsText(env, request.name));
      SetIfPresent(object, "mode", request.mode);
      [[fallthrough]];
    case Operation::kOpen:
      SetNumber(object, "flags", request.flags);
      break;
    case Operation::kRead:
      SetNumber(object, "offset", request.offset);
      SetNumber(object, "length", request.length);
      break;
    case Operation::kWrite:
      SetNumber(object, "offset", request.offset);
      object.Set("data", OwnBytes(env, request.data));
      break;
    case Operation::kFsync:
      object.Set("dataOnly", Napi::Boolean::New(env, request.data_only));
      break;
    case Operation::kReaddir:
      SetNumber(object, "offset", request.offset);
      SetNumber(object, "length", request.length);
      object.Set("withAttributes", Napi::Boolean::New(env, request.with_attributes));
      object.Set("follow", Napi::Boolean::New(env, request.follow));
      break;
    case Operation::kGetattr:
    case Operation::kReadlink:
    case Operation::kFlush:
    case Operation::kRelease:
    case Operation::kOpendir:
    case Operation::kReleasedir:
    case Operation::kStatfs:
    case Operation::kCancel:
    case Operation::kUnmounted:
      break;
  }
  return object;
}

Answer FromJs(Operation operation, const Napi::Value& value) {
  Answer answer;
  switch (operation) {
    case Operation::kLookup:
    case Operation::kSymlink:
    case Operation::kMknod:
    case Operation::kMkdir:
    case Operation::kLink:
    case Operation::kCreate: {
      const Napi::Object entry = ObjectOf(value, "the answer");
      answer.node = UnsignedOf(entry, "node");
      answer.attributes = AttributesOf(ObjectOf(entry.Get("attributes"), "attributes"));
      if (operation == Operation::kCreate) answer.handle = UnsignedOf(entry, "handle");
      break;
    }
    case Operation::kGetattr:
    case Operation::kSetattr:
      answer.attributes = AttributesOf(ObjectOf(value, "the answer"));
      break;
    case Operation::kReadlink:
      answer.text = TextAsBytes(value, "the answer");
      break;
    case Operation::kOpen:
    case Operation::kOpendir:
      answer.handle = ToUnsigned(value, "the answer");
      break;
    case Operation::kRead:
      answer.bytes = BytesOf(value);
      break;
    case Operation::kWrite:
      answer.count = static_cast<uint32_t>(ToUnsigned(value, "the answer"));
      break;
    case Operation::kReaddir:
      answer.entries = DirectoryEntriesOf(value);
      break;
    case Operation::kStatfs:
      answer.statistics = StatisticsOf(ObjectOf(value, "the answer"));
      break;
    case Operation::kForget:
    case Operation::kUnlink:
    case Operation::kRmdir:
    case Operation::kRename:
    case Operation::kFlush:
    case Operation::kFsync:
    case Operation::kRelease:
    case Operation::kReleasedir:
    case Operation::kCancel:
    case Operation::kUnmounted:
      break;
  }
  return answer;
}

}  // namespace tswsl
