import { TswslError } from "../../base/errors.ts";
import type { Finding, HostReport, PlatformChange } from "../../protocol/host.ts";
import { usageError } from "../arguments/usage-error.ts";
import type { Cli } from "../cli.ts";
import { exitCodes, RESTART_NEEDED } from "../exit-codes.ts";
import { printJson, printLine } from "../output/print.ts";
import { openProgress } from "../ui/open-progress.ts";
import { askLine } from "./ask-line.ts";

/** `install --no-distribution`: the host alone. */
export interface HostCommand {
  readonly host: true;
  readonly yes: boolean;
  readonly json: boolean;
}

const nothing: PlatformChange = { enabled: [], present: [], restartNeeded: false };

/**
 * Says what tswsl lacks on this host and, on Windows, switches on the features that it needs, after asking. The status is
 * {@link RESTART_NEEDED} when Windows has to be restarted, `unavailable`'s when something else is missing, else 0.
 */
export async function installHost({ yes, json }: HostCommand, cli: Cli): Promise<number> {
  const report = await cli.host.report(cli.signal);
  const change = await changeFeatures(report.features, { yes, json }, cli);
  const restartNeeded = change.restartNeeded || report.features.restart;
  // After a change the platform's own findings are out of date until Windows has restarted.
  const missing = restartNeeded ? [] : report.findings.filter(({ state }) => state === "missing");
  if (json) printJson(cli, { enabled: change.enabled, restartNeeded, missing });
  else resultLines(change, { restartNeeded, missing }).forEach((line) => printLine(cli, line));
  if (restartNeeded) return RESTART_NEEDED;
  return missing.length > 0 ? exitCodes.unavailable : 0;
}

async function changeFeatures(
  { enable }: HostReport["features"],
  { yes, json }: Pick<HostCommand, "yes" | "json">,
  cli: Cli,
): Promise<PlatformChange> {
  if (enable.length === 0) return nothing;
  const names = enable.join(" and ");
  if (!yes) await confirm(cli, names);
  const title = `Switching on ${names}`;
  const progress = openProgress(cli.stderr, { title, quiet: json, env: cli.env });
  try {
    const change = await cli.host.enable(enable, cli.signal);
    await progress.close("done");
    return change;
  } catch (error) {
    await progress.close("failed");
    throw error;
  }
}

async function confirm(cli: Cli, names: string): Promise<void> {
  if (cli.stdin.isTTY !== true || cli.stderr.isTTY !== true) {
    throw usageError(
      `switching on Windows's ${names} needs to be confirmed, and this is no terminal`,
      "Confirm it with: tswsl install --no-distribution --yes",
    );
  }
  const typed = await askLine(cli, `tswsl needs Windows's ${names}. Switch it on? [y/N] `);
  if (/^y(es)?$/i.test(typed.trim())) return;
  throw new TswslError("cancelled", "nothing was changed");
}

interface Rest {
  readonly restartNeeded: boolean;
  readonly missing: readonly Finding[];
}

function resultLines({ enabled }: PlatformChange, { restartNeeded, missing }: Rest): readonly string[] {
  const done = enabled.map((feature) => `${feature} is switched on.`);
  if (restartNeeded) return [...done, "Windows must be restarted.", "  → Restart it, then: tswsl doctor"];
  if (missing.length === 0) return [...done, "This host has all that tswsl needs."];
  return [
    ...done,
    "Missing on this host:",
    ...missing.flatMap(({ check, what, remedy }) => [
      `  ${check}: ${what}`,
      ...(remedy === null ? [] : [`    → ${remedy}`]),
    ]),
  ];
}
