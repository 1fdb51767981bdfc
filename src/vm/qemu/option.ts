/** One option of QEMU's command line and its value. */
export function option(name: string, value: string): readonly [string, string] {
  return [`-${name}`, value];
}

/** A device, as JSON, so that no value can be taken for another option; QEMU has it since 6.2. */
export function device(
  options: Readonly<Record<string, string | number | boolean>>,
): readonly [string, string] {
  return option("device", JSON.stringify(options));
}

/** In QEMU's `key=value,…` syntax a comma in a value is doubled. */
export function escapeValue(value: string): string {
  return value.replaceAll(",", ",,");
}
