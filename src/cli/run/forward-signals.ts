import type { CliProcess } from "../cli.ts";
import { linuxSignals } from "../linux-signals.ts";

type ForwardedSignal = keyof typeof linuxSignals;

/** This many SIGINT: the user wants out, whatever the command thinks. */
const PATIENCE = 3;

export interface SignalTargets {
  /** True while the command has not begun: a signal is then for us. */
  readonly isStarting: () => boolean;
  /** True when a terminal is the command's: a signal to us then means that the terminal, or we, shall go. */
  readonly isTerminal: boolean;
  readonly send: (signal: number) => void;
  /** The command has been told to end: output that nobody reads shall not keep us. */
  readonly onTold: (signal: number) => void;
  /** Ends the session at once, because of this signal. */
  readonly leave: (signal: number) => void;
}

/** Signals sent to us go on to the command, as if it had run here. The function returned ends that. */
export function forwardSignals({ events }: Pick<CliProcess, "events">, targets: SignalTargets): () => void {
  let interrupts = 0;
  const receive = (name: ForwardedSignal): void => {
    const signal = linuxSignals[name];
    if (name === "SIGINT") interrupts += 1;
    if (!targets.isStarting()) targets.send(signal);
    // An interrupt may mean less than the end, and has its own count.
    if (name !== "SIGINT") targets.onTold(signal);
    const ends = targets.isTerminal && (name === "SIGHUP" || name === "SIGTERM");
    if (targets.isStarting() || ends || interrupts >= PATIENCE) targets.leave(signal);
  };
  // Object.keys of this table yields its own keys.
  const names = Object.keys(linuxSignals) as ForwardedSignal[];
  const listeners = names.map((name) => [name, () => receive(name)] as const);
  for (const [name, listener] of listeners) events.on(name, listener);
  return () => {
    for (const [name, listener] of listeners) events.off(name, listener);
  };
}
