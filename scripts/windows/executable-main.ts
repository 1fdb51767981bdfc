/** The program that tswsl.exe is: the daemon or the host tool when started as such, otherwise the CLI. Bundled by bundle-main.ts, never run as it is. */
import { hostQuestion, isDaemonProgram } from "../../src/base/program.ts";

if (isDaemonProgram() || hostQuestion()) await import("../../src/daemon/main.ts");
else await import("../../src/cli/main.ts");
