import { jsonOption } from "../arguments/option-table.ts";
import { printJson, printLine } from "../output/print.ts";
import { formatTable } from "../output/table.ts";
import { ask } from "../request.ts";
import { defineVerb } from "./verb.ts";

export const version = defineVerb({
  name: "version",
  synopsis: ["tswsl version", "tswsl --version"],
  about: "Shows the versions of tswsl and of what it runs on.",
  positionals: [],
  options: { json: jsonOption },
  examples: [["tswsl version --json", "the same, for a bug report"]],
  parse: ({ json }) => ({ json }),
  async run({ json }, cli) {
    const versions = await ask(cli, "version", {});
    if (json) return printJson(cli, versions);
    const rows = [
      ["tswsl", versions.tswsl],
      ["Node.js", versions.node],
      ["Linux kernel", versions.kernel ?? "none built yet"],
      ["Compute service", versions.computeService],
      ["Accelerator", versions.accelerator ?? "not tried yet"],
    ];
    for (const line of formatTable(rows)) printLine(cli, line);
  },
});
