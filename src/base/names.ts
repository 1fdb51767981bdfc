import { TswslError } from "./errors.ts";

/** WSL's rule, so that every name that works there works here. */
const distroName = /^[a-zA-Z0-9._-]{1,64}$/;

/** Returns the name unchanged, or throws `invalid-argument` with the rule. */
export function checkDistroName(name: string): string {
  if (distroName.test(name) && name !== "." && name !== ".." && !name.startsWith("-")) return name;
  throw new TswslError("invalid-argument", `'${name}' cannot be the name of a distribution`, {
    hint: "Use 1 to 64 letters, digits, '.', '_' or '-', not starting with '-'.",
  });
}

/** Names are compared without regard to case, as WSL does. */
export function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
