/** What the promise is rejected with, to be looked at later: the promise is listened to at once. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const value = await promise.catch((reason: unknown) => ({ reason }));
  if (typeof value === "object" && value !== null && "reason" in value) return value.reason;
  throw new Error(`the promise was resolved with ${JSON.stringify(value)}`);
}
