#include "wire.h"

#include <cstdint>
#include <cstring>

namespace {

constexpr uint32_t kNull = 0xFFFFFFFF;

bool SendAll(SOCKET socket, const char* bytes, size_t size) {
  while (size > 0) {
    const int sent = send(socket, bytes, static_cast<int>(size), 0);
    if (sent <= 0) return false;
    bytes += sent;
    size -= sent;
  }
  return true;
}

bool ReceiveAll(SOCKET socket, char* bytes, size_t size) {
  while (size > 0) {
    const int received = recv(socket, bytes, static_cast<int>(size), 0);
    if (received <= 0) return false;
    bytes += received;
    size -= received;
  }
  return true;
}

void AppendNumber(std::string* out, uint32_t number) {
  out->append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace

bool SendMessageTo(SOCKET socket, const Message& message) {
  std::string body;
  for (const Field& field : message) {
    const size_t bytes = field ? field->size() * sizeof(wchar_t) : 0;
    AppendNumber(&body, field ? static_cast<uint32_t>(bytes) : kNull);
    if (field) body.append(reinterpret_cast<const char*>(field->data()), bytes);
  }
  std::string frame;
  AppendNumber(&frame, static_cast<uint32_t>(body.size()));
  frame += body;
  return SendAll(socket, frame.data(), frame.size());
}

std::optional<Message> ReceiveMessageFrom(SOCKET socket) {
  uint32_t size = 0;
  if (!ReceiveAll(socket, reinterpret_cast<char*>(&size), sizeof size)) return std::nullopt;
  std::string body(size, '\0');
  if (!ReceiveAll(socket, body.data(), size)) return std::nullopt;
  Message message;
  for (size_t at = 0; at + sizeof(uint32_t) <= body.size();) {
    uint32_t length = 0;
    std::memcpy(&length, body.data() + at, sizeof length);
    at += sizeof length;
    if (length == kNull) {
      message.push_back(std::nullopt);
      continue;
    }
    if (length > body.size() - at) return std::nullopt;
    std::wstring text(length / sizeof(wchar_t), L'\0');
    std::memcpy(text.data(), body.data() + at, text.size() * sizeof(wchar_t));
    message.push_back(std::move(text));
    at += length;
  }
  return message;
}
