import { checkDistroName } from "../../base/names.ts";
import { jsonOption } from "../arguments/option-table.ts";
import { usageError } from "../arguments/usage-error.ts";
import { warn } from "../output/report-error.ts";
import { install } from "./install.ts";
import { defineVerb } from "./verb.ts";

/** WSL's `--import NAME DIR FILE`, for scripts that have it: `install --from-file FILE --name NAME`. */
export const importVerb = defineVerb({
  name: "--import",
  synopsis: ["tswsl --import NAME DIR FILE|-"],
  about:
    "WSL's spelling of: tswsl install --from-file FILE --name NAME. DIR is where WSL would keep the disk; tswsl keeps " +
    "all distributions in one store, so it is not used.",
  positionals: ["NAME", "DIR", "FILE"],
  options: {
    version: { names: ["--version"], value: "2", text: "Accepted, because there is only this one." },
    json: jsonOption,
  },
  examples: [["tswsl --import web /srv/web web.tar.gz", "install web.tar.gz as web"]],
  parse({ version, json }, [name = "", , file = ""]) {
    if (version !== undefined && version !== "2") {
      throw usageError(`there is no version ${version} of a distribution`, "Leave --version out.");
    }
    return { name: checkDistroName(name), file, json };
  },
  async run({ name, file, json }, cli) {
    if (!json) warn(cli.stderr, "all distributions are kept in one store; the directory is not used");
    await install.execute(["--name", name, `--from-file=${file}`, ...(json ? ["--json"] : [])], cli);
  },
});
