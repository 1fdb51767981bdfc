import { execFile } from "node:child_process";
import * as v from "valibot";
import { withDeadline } from "../../base/deadline.ts";
import { errorFromWire, TswslError } from "../../base/errors.ts";
import { hostCommand } from "../../base/program.ts";
import { timeouts } from "../../base/timeouts.ts";
import {
  HostAnswer,
  type HostReport,
  type PlatformChange,
  type PlatformFeature,
} from "../../protocol/host.ts";
import type { HostTool } from "./host-tool.ts";

/** A report has some twenty findings. */
const MAX_OUTPUT = 1024 * 1024;

export interface HostProcessOptions {
  /** The daemon's bundle, which is the host tool too, see base/program.ts. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The host tool as a process of its own for each question. */
export class HostProcess implements HostTool {
  readonly #options: HostProcessOptions;

  constructor(options: HostProcessOptions) {
    this.#options = options;
  }

  async report(signal: AbortSignal): Promise<HostReport> {
    const answer = await this.#ask(["report"], timeouts.hostReport, signal);
    if ("report" in answer) return answer.report;
    throw unexpected();
  }

  async enable(features: readonly PlatformFeature[], signal: AbortSignal): Promise<PlatformChange> {
    const answer = await this.#ask(["enable", ...features], timeouts.platformChange, signal);
    if ("change" in answer) return answer.change;
    throw unexpected();
  }

  /** Raises what the tool answers with, `timeout`, `cancelled`, and `internal` when it ends without an answer. */
  async #ask(args: readonly string[], ms: number, signal: AbortSignal): Promise<HostAnswer> {
    const deadline = { ms, what: "a look at this host" };
    const { output, complaint } = await withDeadline(signal, deadline, (limit) => this.#run(args, limit));
    const parsed = v.safeParse(HostAnswer, parseJson(output));
    if (!parsed.success) throw unexpected(complaint);
    if ("error" in parsed.output) throw errorFromWire(parsed.output.error);
    return parsed.output;
  }

  #run(args: readonly string[], signal: AbortSignal): Promise<{ output: string; complaint: string }> {
    const { program, env } = this.#options;
    const { promise, resolve } = Promise.withResolvers<{ output: string; complaint: string }>();
    const limits = { env, signal, maxBuffer: MAX_OUTPUT, windowsHide: true } as const;
    const [command, ...rest] = hostCommand(program, args);
    execFile(command, rest, limits, (error, output, stderr) => {
      // Its answer counts, not its end.
      resolve({ output, complaint: stderr.trim() || (error?.message ?? "") });
    });
    return promise;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unexpected(complaint = ""): TswslError {
  const reason = complaint === "" ? "" : `: ${complaint.slice(0, 1000)}`;
  return new TswslError("internal", `the look at this host ended without an answer${reason}`, {
    hint: "Build tswsl anew (npm run build), or repair its installation.",
  });
}
