#pragma once

#include <winsock2.h>

#include <windows.h>

#include <optional>
#include <string>
#include <vector>

/** One field of a message: UTF-16 text, or nothing. */
using Field = std::optional<std::wstring>;
using Message = std::vector<Field>;

/** Sends one message: its length, then each field with its own. False when the connection is gone. */
bool SendMessageTo(SOCKET socket, const Message& message);

/** Receives one message. Nothing when the connection is gone. */
std::optional<Message> ReceiveMessageFrom(SOCKET socket);
