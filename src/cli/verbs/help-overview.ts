import { verbNames } from "../arguments/verb-names.ts";
import { formatTable } from "../output/table.ts";

/** `tswsl --help`. */
export function overviewPage(): string {
  return [
    "tswsl runs Linux distributions in one light virtual machine.",
    "",
    "Usage:",
    "  tswsl [OPTIONS] [--] [COMMAND…]   run a command, or a shell, in a distribution",
    "  tswsl VERB [ARGUMENTS]            manage distributions",
    "",
    "Verbs:",
    ...formatTable(Object.entries(verbNames).map(([name, { summary }]) => [`  ${name}`, summary])),
    "",
    "Options for running:",
    ...formatTable([
      ["  -d, --distribution NAME", "In this distribution; otherwise in the default one."],
      ["  -u, --user USER", "As this user; otherwise as the distribution's own."],
      ["  --cd DIR", "Start in this directory of the distribution; otherwise in the home directory."],
      ["  -e, --exec", "Execute the command without a shell."],
      ["  --shell-type TYPE", "standard ($SHELL -c), login or none (the same as --exec)."],
      ["  --", "The command follows, even if it has a verb's name."],
    ]),
    "",
    "A command of one word is a line for the shell: tswsl 'echo $HOME | wc -c'.",
    "Several words reach the command exactly as you typed them: tswsl -- grep -r 'a b' /etc.",
    "cp, ls and cat are the distribution's own, unless an argument names a distribution: tswsl ls debian:/etc.",
    "",
    "Examples:",
    ...formatTable([
      ["  tswsl install debian", "install Debian"],
      ["  tswsl", "a shell in the default distribution"],
      ["  tswsl -d debian -u alice", "a shell in debian as alice"],
      ["  tswsl -d debian -- make -C /src test", "one command; its exit status becomes tswsl's"],
      ["  tswsl cp -r src debian:work", "files from this host into debian"],
      ["  tar c . | tswsl tar x -C /srv", "binary data through pipes, both ways"],
    ]),
    "",
    "Exit status: that of the command; 125 when tswsl itself failed, 126 when the command cannot be executed,",
    "127 when it is not found, 128+n when signal n ended it. More: tswsl help VERB",
  ].join("\n");
}
