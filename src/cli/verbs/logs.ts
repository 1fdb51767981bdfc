import { seeHelp, usageError } from "../arguments/usage-error.ts";
import { jsonText } from "../output/print.ts";
import { printable } from "../output/printable.ts";
import { followLog } from "../logs/follow-log.ts";
import { readLogEnd } from "../logs/read-log-end.ts";
import { defineVerb } from "./verb.ts";

const DEFAULT_LINES = 100;

export const logs = defineVerb({
  name: "logs",
  synopsis: ["tswsl logs [--console] [-n N] [-f]"],
  about:
    "Prints the end of the daemon's log, or with --console that of the virtual machine's console: what its kernel and " +
    "agent said since it was last started. Read from the file, so that it works when nothing else does.",
  positionals: [],
  options: {
    console: { names: ["--console"], text: "The virtual machine's console." },
    lines: { names: ["-n", "--lines"], value: "N", text: `This many lines; otherwise ${DEFAULT_LINES}.` },
    follow: { names: ["-f", "--follow"], text: "Go on with what is added, until Ctrl-C." },
    json: { names: ["--json"], text: 'Print one JSON document per line: {"line": …}.' },
  },
  examples: [
    ["tswsl logs -f", "watch what the daemon does"],
    ["tswsl logs --console -n 40", "the last words of a virtual machine that does not start"],
  ],
  parse: ({ console, lines, follow, json }) => ({ console, lines: parseLines(lines), follow, json }),
  async run({ console, lines, follow, json }, cli) {
    const file = console ? cli.paths.consoleLog : cli.paths.daemonLog;
    const print = (line: string): void => {
      const text = line.replace(/\r$/, "");
      cli.stdout.write(`${json ? jsonText({ line: text }, 0) : printable(text)}\n`);
    };
    const end = await readLogEnd(file, lines);
    end.lines.forEach(print);
    if (follow) await followLog(file, end, { signal: cli.signal, onLine: print });
  },
});

function parseLines(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LINES;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw usageError(`'${text}' is not a number of lines`, seeHelp("logs"));
}
