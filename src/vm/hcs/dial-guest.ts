import { setTimeout as sleep } from "node:timers/promises";
import type { HvSocket, VmpModule } from "../../../native/vmp/native.d.ts";
import { throwIfAborted } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";

/** Between two attempts, while the guest boots and nobody listens there. */
const RETRY_MS = 50;

/** Winsock errors that pass when the guest has come up: WSAENETUNREACH, ETIMEDOUT, ECONNREFUSED, EHOSTDOWN, EHOSTUNREACH. */
const notYet: ReadonlySet<number> = new Set([10051, 10060, 10061, 10064, 10065]);

interface Remedy {
  readonly code: "permission" | "unsupported";
  readonly hint: string;
}

const remedies: Readonly<Record<number, Remedy>> = {
  10013: { code: "permission", hint: "Only administrators may reach the virtual machine: see tswsl doctor" },
  10047: {
    code: "unsupported",
    hint: "This Windows has no Hyper-V sockets: turn VirtualMachinePlatform on, see tswsl doctor",
  },
};

export interface GuestService {
  readonly vmId: string;
  readonly serviceId: string;
}

/**
 * Dials until the guest listens or the caller gives up. An attempt that is under way then is not abandoned: what it
 * brings is closed. Raises `permission`, `unsupported`, or `unavailable` with Winsock's error.
 */
export async function dialGuest(
  vmp: VmpModule,
  service: GuestService,
  signal: AbortSignal,
): Promise<HvSocket> {
  for (;;) {
    throwIfAborted(signal);
    const { error, socket } = await vmp.connectHvSocket(
      service.vmId,
      service.serviceId,
      timeouts.hvSocketAttempt,
    );
    if (socket && signal.aborted) socket.close();
    throwIfAborted(signal);
    if (socket) return socket;
    if (!notYet.has(error)) throw dialError(error);
    // An abort is seen at the top.
    await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}

function dialError(error: number): TswslError {
  const { code, hint } = remedies[error] ?? {
    code: "unavailable" as const,
    hint: `See what it means: net helpmsg ${error}`,
  };
  const message = `the virtual machine cannot be reached (Winsock error ${error})`;
  return new TswslError(code, message, { hint, details: { winsock: error } });
}
