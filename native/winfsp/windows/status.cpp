#include "winfsp/windows/status.h"

namespace tswsl::winfsp {

NtStatus StatusOf(int error) {
  const auto code = [error]() -> UINT32 {
    switch (error) {
      case 0: return 0;
      case 1:                       // EPERM
      case 13: return 0xC0000022;   // EACCES: STATUS_ACCESS_DENIED
      case 2: return 0xC0000034;    // ENOENT: STATUS_OBJECT_NAME_NOT_FOUND
      case 4:                       // EINTR
      case 125: return 0xC0000120;  // ECANCELED: STATUS_CANCELLED
      case 5: return 0xC0000185;    // EIO: STATUS_IO_DEVICE_ERROR
      case 6:                       // ENXIO
      case 19: return 0xC000000E;   // ENODEV: STATUS_NO_SUCH_DEVICE
      case 9: return 0xC0000008;    // EBADF: STATUS_INVALID_HANDLE
      case 11: return 0xC0000054;   // EAGAIN: STATUS_FILE_LOCK_CONFLICT
      case 12:                      // ENOMEM
      case 105: return 0xC000009A;  // ENOBUFS: STATUS_INSUFFICIENT_RESOURCES
      case 16:                      // EBUSY
      case 26: return 0xC0000043;   // ETXTBSY: STATUS_SHARING_VIOLATION
      case 17: return 0xC0000035;   // EEXIST: STATUS_OBJECT_NAME_COLLISION
      case 18: return 0xC00000D4;   // EXDEV: STATUS_NOT_SAME_DEVICE
      case 20: return 0xC0000103;   // ENOTDIR: STATUS_NOT_A_DIRECTORY
      case 21: return 0xC00000BA;   // EISDIR: STATUS_FILE_IS_A_DIRECTORY
      case 22: return 0xC000000D;   // EINVAL: STATUS_INVALID_PARAMETER
      case 23:                      // ENFILE
      case 24: return 0xC000011F;   // EMFILE: STATUS_TOO_MANY_OPENED_FILES
      case 27: return 0xC0000904;   // EFBIG: STATUS_FILE_TOO_LARGE
      case 28: return 0xC000007F;   // ENOSPC: STATUS_DISK_FULL
      case 30: return 0xC00000A2;   // EROFS: STATUS_MEDIA_WRITE_PROTECTED
      case 31: return 0xC0000265;   // EMLINK: STATUS_TOO_MANY_LINKS
      case 32: return 0xC000014B;   // EPIPE: STATUS_PIPE_BROKEN
      case 36: return 0xC0000106;   // ENAMETOOLONG: STATUS_NAME_TOO_LONG
      case 38:                      // ENOSYS
      case 95: return 0xC00000BB;   // EOPNOTSUPP: STATUS_NOT_SUPPORTED
      case 39: return 0xC0000101;   // ENOTEMPTY: STATUS_DIRECTORY_NOT_EMPTY
      case 40: return 0xC0000280;   // ELOOP: STATUS_REPARSE_POINT_NOT_RESOLVED
      case 84: return 0xC0000033;   // EILSEQ: STATUS_OBJECT_NAME_INVALID
      case 104: return 0xC000020D;  // ECONNRESET: STATUS_CONNECTION_RESET
      case 107: return 0xC000020C;  // ENOTCONN: STATUS_CONNECTION_DISCONNECTED
      case 110: return 0xC00000B5;  // ETIMEDOUT: STATUS_IO_TIMEOUT
      case 113: return 0xC000023D;  // EHOSTUNREACH: STATUS_HOST_UNREACHABLE
      case 116: return 0xC0000098;  // ESTALE: STATUS_FILE_INVALID
      case 122: return 0xC0000802;  // EDQUOT: STATUS_DISK_QUOTA_EXCEEDED
      default: return 0xC0000001;   // STATUS_UNSUCCESSFUL
    }
  };
  return static_cast<NtStatus>(code());
}

}  // namespace tswsl::winfsp
