import type { BaseIssue, BaseSchema, InferOutput } from "valibot";

/** Any validator: both ends check what they receive, since the guest is hostile and clients may be older. */
export type Schema = BaseSchema<unknown, unknown, BaseIssue<unknown>>;

/** One request of a contract: the shapes of its parameters and of its answer. */
export interface Method<P extends Schema = Schema, R extends Schema = Schema> {
  readonly params: P;
  readonly result: R;
}

/** A typed table from method name to shapes: the single place where a boundary is written down. */
export type Contract = Readonly<Record<string, Method>>;

export type Params<M extends Method> = InferOutput<M["params"]>;
export type Result<M extends Method> = InferOutput<M["result"]>;

/** Keeps the literal types of a method's schemas. */
export function method<P extends Schema, R extends Schema>(params: P, result: R): Method<P, R> {
  return { params, result };
}
