/** The program that tswsl.exe is: the daemon when started as such, otherwise the CLI. Bundled by bundle-main.ts, never run as it is. */
import { isDaemonProgram } from "../../src/base/program.ts";

if (isDaemonProgram()) await import("../../src/daemon/main.ts");
else await import("../../src/cli/main.ts");
