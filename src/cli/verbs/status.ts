import { jsonOption } from "../arguments/option-table.ts";
import type { DaemonResult } from "../daemon/daemon-client.ts";
import { printJson, printLine } from "../output/print.ts";
import { formatBytes, formatSpan } from "../output/quantities.ts";
import { formatTable } from "../output/table.ts";
import { ask } from "../request.ts";
import { defineVerb } from "./verb.ts";

type Status = DaemonResult<"status">;

export const status = defineVerb({
  name: "status",
  synopsis: ["tswsl status", "tswsl --status"],
  about:
    "Shows the default distribution, how many run, the virtual machine and its memory, and where things are kept. " +
    "Answers even when the virtual machine does not.",
  positionals: [],
  options: { json: jsonOption },
  examples: [
    ["tswsl status", "a few lines for people"],
    [
      "tswsl status --json | jq .vm.startStages",
      "how long each stage of the last start took, in milliseconds",
    ],
  ],
  parse: ({ json }) => ({ json }),
  async run({ json }, cli) {
    const report = await ask(cli, "status", {});
    if (json) return printJson(cli, report);
    for (const line of statusLines(report)) printLine(cli, line);
  },
});

export function statusLines({ defaultDistro, daemon, vm, store, running, installed }: Status): string[] {
  return formatTable([
    ["Default distribution", defaultDistro ?? "none"],
    ["Distributions", `${installed} installed, ${running} running`],
    ["Virtual machine", vmLine(vm)],
    ...(vm.memoryTotal === null || vm.memoryAvailable === null
      ? []
      : [
          [
            "Memory",
            `${formatBytes(vm.memoryTotal - vm.memoryAvailable)} used of ${formatBytes(vm.memoryTotal)}`,
          ],
        ]),
    ["Store", storeLine(store)],
    [
      "Daemon",
      `process ${daemon.pid}, up ${formatSpan(daemon.uptimeSeconds)}, keeps its state in ${daemon.home}`,
    ],
  ]);
}

function vmLine({ state, uptimeSeconds, memoryTotal, startStages }: Status["vm"]): string {
  const silent = state === "running" && memoryTotal === null;
  const parts: string[] = [silent ? "running, but does not answer (tswsl shutdown --force ends it)" : state];
  if (uptimeSeconds !== null) parts.push(`up ${formatSpan(uptimeSeconds)}`);
  const started = Math.max(0, ...Object.values(startStages));
  if (started > 0) parts.push(`started in ${formatSpan(started / 1000)}`);
  return parts.join(", ");
}

function storeLine({ path, hostBytes, total, free }: Status["store"]): string {
  const inside =
    total === null || free === null ? "" : `, ${formatBytes(total - free)} used of ${formatBytes(total)}`;
  return `${path}, takes ${formatBytes(hostBytes)} on this host${inside}`;
}
