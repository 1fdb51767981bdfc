import { nearest } from "../arguments/suggest.ts";
import { usageError } from "../arguments/usage-error.ts";
import { verbFor, verbNames } from "../arguments/verb-names.ts";
import { printLine } from "../output/print.ts";
import { overviewPage } from "./help-overview.ts";
import { verbPage } from "./help-page.ts";
import { loadVerb } from "./load-verb.ts";
import { defineVerb } from "./verb.ts";

export const help = defineVerb({
  name: "help",
  synopsis: ["tswsl help [COMMAND]", "tswsl COMMAND --help"],
  about: "Explains a command of tswsl, or shows them all.",
  positionals: ["[COMMAND]"],
  options: {},
  examples: [["tswsl help install", "how to install a distribution"]],
  parse(_, [topic]) {
    if (topic === undefined) return { topic };
    const verb = verbFor(topic) ?? verbFor(`--${topic}`);
    if (verb !== undefined) return { topic: verb };
    const near = nearest(topic, Object.keys(verbNames));
    throw usageError(
      `there is no command '${topic}'`,
      near === undefined ? "See: tswsl --help" : `Did you mean: tswsl help ${near}`,
    );
  },
  async run({ topic }, cli) {
    printLine(cli, topic === undefined ? overviewPage() : verbPage(await loadVerb(topic)));
  },
});
