#pragma once

#include <string>

/**
 * Connects as client to the named pipe of a ComPort and copies to it what the guest prints, over a connection of its own
 * that begins with the token; on a thread of its own, until either ends. A pipe that cannot be opened is reported.
 */
void ServeSerialPort(const std::wstring& pipe, const std::wstring& token);
