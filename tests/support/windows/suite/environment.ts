/** A variable that the test on Linux sets for the program under Wine. */
export function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`started without ${name}`);
  return value;
}
