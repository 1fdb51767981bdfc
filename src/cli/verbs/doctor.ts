import { asTswslError, isTswslError } from "../../base/errors.ts";
import type { Finding, FindingState } from "../../protocol/host.ts";
import { jsonOption } from "../arguments/option-table.ts";
import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { daemonFindings } from "../host/daemon-findings.ts";
import { printJson, printLine } from "../output/print.ts";
import { defineVerb } from "./verb.ts";

export const doctor = defineVerb({
  name: "doctor",
  synopsis: ["tswsl doctor"],
  about:
    "Looks at this host and says what tswsl needs, what is there and what is missing, with the remedy for each. Changes " +
    "nothing, starts nothing, and works when the daemon does not. The exit status is 0 when nothing is missing, else " +
    `${exitCodes.unavailable}; warnings do not count.`,
  positionals: [],
  options: { json: jsonOption },
  examples: [
    ["tswsl doctor", "the first thing to try when something does not work"],
    ["tswsl doctor --json | jq '.findings[] | select(.state != \"ok\")'", "only what is not as it should be"],
  ],
  parse: ({ json }) => ({ json }),
  async run({ json }, cli) {
    const findings = await inspect(cli);
    const healthy = !findings.some(({ state }) => state === "missing");
    if (json) printJson(cli, { healthy, findings });
    else findings.flatMap(findingLines).forEach((line) => printLine(cli, line));
    return healthy ? 0 : exitCodes.unavailable;
  },
});

/** What the host tool finds, then what this client finds; a tool that fails is a finding too. */
async function inspect(cli: Cli): Promise<readonly Finding[]> {
  const [host, daemon] = await Promise.all([hostFindings(cli), daemonFindings(cli)]);
  return [...host, ...daemon];
}

async function hostFindings({ host, signal }: Cli): Promise<readonly Finding[]> {
  try {
    return (await host.report(signal)).findings;
  } catch (error) {
    if (isTswslError(error, "cancelled")) throw error;
    const { message, hint } = asTswslError(error);
    return [{ check: "host", state: "missing", what: message, remedy: hint ?? null }];
  }
}

const marks: Readonly<Record<FindingState, string>> = {
  ok: "ok     ",
  warning: "warning",
  missing: "missing",
};

/** A line for each finding, and its remedy below it. */
function findingLines({ check, state, what, remedy }: Finding): readonly string[] {
  const line = `${marks[state]}  ${check}: ${what}`;
  return remedy === null ? [line] : [line, `         → ${remedy}`];
}
