import { TswslError } from "../../base/errors.ts";
import { sameName } from "../../base/names.ts";
import { jsonOption } from "../arguments/option-table.ts";
import { usageError } from "../arguments/usage-error.ts";
import type { Cli } from "../cli.ts";
import { ask, askAtLength } from "../request.ts";
import { answer } from "./answer.ts";
import { askLine } from "./ask-line.ts";
import { defineVerb } from "./verb.ts";

export const unregister = defineVerb({
  name: "unregister",
  synopsis: ["tswsl unregister NAME [--yes]", "tswsl --unregister NAME [--yes]"],
  about:
    "Stops a distribution and deletes it with all of its files. This cannot be undone. On a terminal you are asked " +
    "to type the name; elsewhere --yes is needed.",
  positionals: ["NAME"],
  options: {
    yes: { names: ["-y", "--yes"], text: "Do not ask." },
    json: jsonOption,
  },
  examples: [
    ["tswsl unregister debian", "delete debian, after a question"],
    ["tswsl unregister debian --yes", "delete debian from a script"],
  ],
  parse: ({ yes, json }, [name = ""]) => ({ name, yes, json }),
  async run({ name, yes, json }, cli) {
    if (!yes) await confirm(cli, name);
    await askAtLength(cli, "distro.unregister", { name }, { title: `Deleting ${name}`, quiet: json });
    answer(cli, json, { result: "unregistered", name, text: `${name} is deleted.` });
  },
});

async function confirm(cli: Cli, name: string): Promise<void> {
  if (cli.stdin.isTTY !== true || cli.stderr.isTTY !== true) {
    throw usageError(
      `deleting ${name} and all of its files needs to be confirmed, and this is no terminal`,
      `Confirm it with: tswsl unregister ${name} --yes`,
    );
  }
  await mustExist(cli, name);
  const typed = await askLine(cli, `This deletes ${name} and all of its files. Type its name to go on: `);
  if (sameName(typed.trim(), name)) return;
  throw new TswslError("cancelled", `${name} was not deleted`);
}

/** Asking for confirmation first and failing to find it afterwards would be a bad joke. */
async function mustExist(cli: Cli, name: string): Promise<void> {
  const { distros } = await ask(cli, "distro.list", {});
  if (distros.some((distro) => sameName(distro.name, name))) return;
  throw new TswslError("not-found", `there is no distribution called '${name}'`, { hint: "See: tswsl list" });
}
