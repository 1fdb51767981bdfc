import type { Attributes } from "../file-system.ts";

/** One change of what a name stands for, or, where both are the same, of that file itself. */
export interface ReplayStep {
  /** Qid path of the directory. */
  readonly directory: number;
  readonly name: string;
  /** What the name stood for, and what it stands for then; undefined: nothing. */
  readonly before: Attributes | undefined;
  readonly after: Attributes | undefined;
}

/** What a name stands for at the present point of the script. */
interface Scene {
  readonly file: Attributes | undefined;
}

/**
 * Changes that have happened and are told to a client by letting it do them again: for each name what it stood for before
 * and after. Names that the script has nothing about stand for what is there.
 */
export class ReplayScript {
  readonly #steps = new Map<string, ReplayStep[]>();
  /** After the last step that has been done, until the script is cleared. */
  readonly #last = new Map<string, Attributes | undefined>();

  /** Begins a script, in place of the one before. */
  begin(steps: readonly ReplayStep[]): void {
    this.clear();
    for (const step of steps) {
      const key = keyOf(step.directory, step.name);
      const known = this.#steps.get(key);
      if (known) known.push(step);
      else this.#steps.set(key, [step]);
    }
  }

  clear(): void {
    this.#steps.clear();
    this.#last.clear();
  }

  /** Undefined where the script has nothing to say. */
  at(directory: number, name: string): Scene | undefined {
    if (this.#steps.size === 0) return undefined;
    const key = keyOf(directory, name);
    const [next] = this.#steps.get(key) ?? [];
    if (next) return { file: next.before };
    return this.#last.has(key) ? { file: this.#last.get(key) } : undefined;
  }

  /**
   * The next step of this name that makes (`come`), takes away (`go`) or only touches a file is done, and those before it,
   * which the client has passed over. Undefined when there is none.
   */
  done(directory: number, name: string, kind: StepKind): ReplayStep | undefined {
    const key = keyOf(directory, name);
    const steps = this.#steps.get(key) ?? [];
    const at = steps.findIndex((step) => kindOf(step) === kind);
    const step = steps[at];
    if (!step) return undefined;
    steps.splice(0, at + 1);
    this.#last.set(key, step.after);
    return step;
  }
}

type StepKind = "come" | "go" | "touch";

function kindOf({ before, after }: ReplayStep): StepKind {
  if (!after) return "go";
  return before === after ? "touch" : "come";
}

function keyOf(directory: number, name: string): string {
  return `${directory}/${name}`;
}
