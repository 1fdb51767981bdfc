import { jsonOption } from "../arguments/option-table.ts";
import { ask } from "../request.ts";
import { answer } from "./answer.ts";
import { defineVerb } from "./verb.ts";

export const setDefault = defineVerb({
  name: "set-default",
  synopsis: ["tswsl set-default NAME", "tswsl --set-default NAME"],
  about: "Makes a distribution the one that tswsl uses when none is named with -d.",
  positionals: ["NAME"],
  options: { json: jsonOption },
  examples: [["tswsl set-default debian", "from now on 'tswsl' is a shell in debian"]],
  parse: ({ json }, [name = ""]) => ({ name, json }),
  async run({ name, json }, cli) {
    await ask(cli, "distro.setDefault", { name });
    answer(cli, json, { result: "default", name, text: `${name} is now the default distribution.` });
  },
});
