import { asTswslError } from "../../base/errors.ts";

/** Something that was to be found out about the host: its value, or why that cannot be told. */
export type Fact<T> =
  | { readonly known: T }
  | { readonly unknown: string; readonly hint?: string | undefined };

/** Runs one inquiry. What it throws is the fact's `unknown`: one that fails must not take the others with it. */
export async function inquire<T>(inquiry: () => T | Promise<T>): Promise<Fact<T>> {
  try {
    return { known: await inquiry() };
  } catch (error) {
    const { message, hint } = asTswslError(error);
    return { unknown: message, hint };
  }
}
