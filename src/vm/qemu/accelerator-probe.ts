import { cancelled, throwIfAborted, withDeadline } from "../../base/deadline.ts";
import { isTswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import { launchQemu, type QemuProcess } from "./launch.ts";
import { machineArguments, type Accelerator, type AcceleratorName } from "./machine.ts";
import { option } from "./option.ts";

export interface ProbeOptions {
  readonly binary: string;
  /** The kernel the machine will run; a panic without a root file system is where it ends here. */
  readonly kernel: string;
}

/** An accelerator that ran the tiny guest, or why it does not count. */
export type ProbeResult = { readonly accelerator: Accelerator } | { readonly reason: string };

/** Kernel log of a guest that ended by itself, or why it did not. */
type GuestRun = { readonly log: string } | { readonly reason: string };

/** Console output kept of a probe. */
const LOG_BYTES = 256 * 1024;

/**
 * Tries an accelerator on a tiny guest: our kernel with nothing to start, which panics, resets, and so ends QEMU. An
 * accelerator that hangs is killed at its deadline. Never rejects for what the accelerator does.
 */
export async function probeAccelerator(
  name: AcceleratorName,
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const run = await runTinyGuest(name, options, signal);
  return "reason" in run ? run : judgeRun(name, run.log);
}

/**
 * What the kernel log of a guest says about the accelerator. The frequency measured over a second against HPET or PM
 * timer is good to 10 ppm; the first estimate, milliseconds long, was seen 1500 ppm off and is the last resort.
 */
export function judgeRun(name: AcceleratorName, log: string): ProbeResult {
  if (!log.includes("Linux version")) return { reason: "the guest printed nothing" };
  if (name !== "tcg") return { accelerator: { name } };
  const megahertz = refined.exec(log)?.[1] ?? /tsc: Detected (\d+\.\d{3}) MHz/.exec(log)?.[1];
  if (megahertz === undefined)
    return { reason: "the guest did not tell the frequency of its time-stamp counter" };
  return { accelerator: { name, tscKhz: Math.round(Number(megahertz) * 1000) } };
}

const refined = /tsc: Refined TSC clocksource calibration: (\d+\.\d{3}) MHz/;

/**
 * q35 has the timers that microvm lacks, so the kernel can measure the TSC there, if it lives long enough; hardware
 * is tried on microvm itself.
 */
function probeArguments(name: AcceleratorName, kernel: string): readonly string[] {
  return [
    ...machineArguments(name, name === "tcg" ? "q35" : "microvm"),
    ...option("m", "256M"),
    ...option("serial", "stdio"),
    ...option("kernel", kernel),
    ...option("append", `console=ttyS0 panic=-1 reboot=t${name === "tcg" ? " rootdelay=4" : ""}`),
  ];
}

async function runTinyGuest(
  name: AcceleratorName,
  { binary, kernel }: ProbeOptions,
  signal: AbortSignal,
): Promise<GuestRun> {
  throwIfAborted(signal);
  const guest = await launchQemu({ binary, args: probeArguments(name, kernel), links: 0 });
  const ms = name === "tcg" ? timeouts.acceleratorProbe : timeouts.hardwareProbe;
  try {
    return await withDeadline(signal, { ms, what: `a guest under ${name}` }, () => watchGuest(guest));
  } catch (error) {
    if (signal.aborted) throw cancelled(signal);
    if (isTswslError(error, "timeout")) return { reason: `the guest did not end within ${ms / 1000} s` };
    throw error;
  } finally {
    // By its own handle; a process stuck in the kernel goes when the kernel lets it.
    guest.kill();
  }
}

/** Until the guest has ended, or has said all that is wanted of it. */
async function watchGuest(guest: QemuProcess): Promise<GuestRun> {
  let log = "";
  const { promise: said, resolve } = Promise.withResolvers<void>();
  guest.output.setEncoding("utf8");
  guest.output.on("data", (chunk: string) => {
    if (log.length < LOG_BYTES) log += chunk;
    if (refined.test(log)) resolve();
  });
  guest.output.on("close", resolve);
  await said;
  if (refined.test(log)) return { log };
  const { code, signal } = await guest.exited;
  if (code === 0) return { log };
  return { reason: `QEMU ended with ${signal ?? code}: ${guest.complaints().split("\n")[0] ?? ""}` };
}
