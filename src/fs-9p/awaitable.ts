import type { Awaitable } from "./file-system.ts";

export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** `next` of the value: now when it is there, later when it is a promise. What is synchronous stays so. */
export function chain<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return isPromise(value) ? chainLater(value, next) : next(value);
}

async function chainLater<T, U>(value: Promise<T>, next: (value: T) => Awaitable<U>): Promise<U> {
  return await next(await value);
}

/** What `work` gives, or what `rescue` makes of what it throws, now or later. */
export function attempt<T>(work: () => Awaitable<T>, rescue: (error: unknown) => Awaitable<T>): Awaitable<T> {
  try {
    const value = work();
    return isPromise(value) ? value.catch(rescue) : value;
  } catch (error) {
    return rescue(error);
  }
}

/** What `work` gives or throws, after `last` has been done in either case. */
export function ensure<T>(work: () => Awaitable<T>, last: () => Awaitable<void>): Awaitable<T> {
  let value: Awaitable<T>;
  try {
    value = work();
  } catch (error) {
    return chain(last(), () => {
      throw error;
    });
  }
  return isPromise(value) ? ensureLater(value, last) : chain(last(), () => value);
}

async function ensureLater<T>(value: Promise<T>, last: () => Awaitable<void>): Promise<T> {
  try {
    return await value;
  } finally {
    await last();
  }
}
