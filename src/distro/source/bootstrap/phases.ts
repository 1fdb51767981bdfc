/** mmdebstrap's own steps, in words for a person. */
const phases: readonly (readonly [RegExp, string])[] = [
  [/^I: running apt-get update/, "Reading package lists"],
  [/^I: downloading packages/, "Downloading packages"],
  [/^I: extracting archives/, "Unpacking the base system"],
  [/^I: installing essential packages/, "Setting up the base system"],
  [/^I: installing remaining packages/, "Installing packages"],
  [/^I: creating tarball/, "Packing the archive"],
];

/** The step that a line of mmdebstrap's messages begins, if it begins one. */
export function phaseOf(line: string): string | undefined {
  return phases.find(([pattern]) => pattern.test(line))?.[1];
}
