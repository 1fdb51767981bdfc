import { jsonOption } from "../arguments/option-table.ts";
import { seeHelp, usageError } from "../arguments/usage-error.ts";
import { printJson } from "../output/print.ts";
import { ask } from "../request.ts";
import { defineVerb } from "./verb.ts";

export const debug = defineVerb({
  name: "debug",
  synopsis: ["tswsl debug document"],
  about:
    "Prints the documents that the next start of the virtual machine would hand to the compute service: the compute " +
    "system in the schema of the Host Compute Service (HCS v2), the network and the endpoint in that of the Host " +
    "Compute Network (HCN). The answer is always JSON.",
  positionals: ["SUBJECT"],
  options: { json: jsonOption },
  examples: [
    ["tswsl debug document | jq .computeSystem", "the virtual machine, as Windows would be given it"],
  ],
  parse(_, [subject = ""]) {
    if (subject === "document") return { subject } as const;
    throw usageError(
      `there is nothing called '${subject}' to look at`,
      `Use: tswsl debug document. ${seeHelp("debug")}`,
    );
  },
  async run(_, cli) {
    printJson(cli, await ask(cli, "debug.document", {}));
  },
});
