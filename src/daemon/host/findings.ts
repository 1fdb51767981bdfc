import type { Finding } from "../../protocol/host.ts";

export function ok(check: string, what: string): Finding {
  return { check, state: "ok", what, remedy: null };
}

/** tswsl works, but slower or without something. */
export function warning(check: string, what: string, remedy: string | null): Finding {
  return { check, state: "warning", what, remedy };
}

/** tswsl does not work. */
export function missing(check: string, what: string, remedy: string | null): Finding {
  return { check, state: "missing", what, remedy };
}
