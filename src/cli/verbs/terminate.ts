import { jsonOption } from "../arguments/option-table.ts";
import { askAtLength } from "../request.ts";
import { answer } from "./answer.ts";
import { defineVerb } from "./verb.ts";

export const terminate = defineVerb({
  name: "terminate",
  synopsis: ["tswsl terminate NAME", "tswsl --terminate NAME"],
  about:
    "Stops a distribution and all that runs in it. Its files stay, and the next command starts it again. Other " +
    "distributions go on running.",
  positionals: ["NAME"],
  options: { json: jsonOption },
  examples: [["tswsl terminate debian", "stop debian"]],
  parse: ({ json }, [name = ""]) => ({ name, json }),
  async run({ name, json }, cli) {
    await askAtLength(cli, "distro.terminate", { name }, { title: `Stopping ${name}`, quiet: json });
    answer(cli, json, { result: "terminated", name, text: `${name} is stopped.` });
  },
});
