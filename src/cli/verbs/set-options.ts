import type { Settings } from "../../protocol/daemon.ts";
import type { OptionSpec } from "../arguments/option-table.ts";
import { seeHelp, usageError } from "../arguments/usage-error.ts";
import { type DistroSettingName, distroSettingSpecs, type DistroSettings } from "./distro-settings.ts";
import { type SettingName, settingSpecs, type SettingSpec } from "./settings.ts";

export type Specs<S> = Readonly<Record<string, SettingSpec<S>>>;

/** What was written on the command line: names of settings and their values, in the order of the table. */
export type Given = readonly (readonly [string, string])[];

export type SettingOptions = Readonly<
  Record<SettingName | DistroSettingName, OptionSpec & { readonly value: string }>
>;

export const ofAll: Specs<Settings> = settingSpecs;
export const ofDistro: Specs<DistroSettings> = distroSettingSpecs;

/** One option for each setting; one that is a setting of both is explained for both. */
export function settingOptions(): SettingOptions {
  const keys = new Set([...Object.keys(ofAll), ...Object.keys(ofDistro)]);
  const options: Partial<SettingOptions> = Object.fromEntries(
    [...keys].map((key) => {
      const texts = [ofAll[key]?.text, withName(ofDistro[key]?.text)];
      const value = (ofAll[key] ?? ofDistro[key])?.value ?? "";
      return [key, { names: [`--${key}`], value, text: texts.filter(Boolean).join(" ") }];
    }),
  );
  // The keys of both tables are what was asked for.
  return options as SettingOptions;
}

function withName(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `With NAME: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

/** Raises `invalid-argument` for a setting of the other kind. */
export function checkScope(name: string | undefined, given: Given): void {
  if (name?.includes("=") === true) {
    throw usageError(
      `'${name}' is not the name of a distribution`,
      `Settings are options: --KEY VALUE. ${seeHelp("set")}`,
    );
  }
  for (const [key, value] of given) {
    if (name === undefined && !(key in ofAll)) {
      throw usageError(
        `--${key} is a setting of a distribution`,
        `For example: tswsl set debian --${key} ${value}`,
      );
    }
    if (name !== undefined && !(key in ofDistro)) {
      throw usageError(
        `--${key} is not a setting of a distribution`,
        `For all of them: tswsl set --${key} ${value}`,
      );
    }
  }
}

/** The changes that these options mean. Raises `invalid-argument`. */
export function parseAll<S>(specs: Specs<S>, given: Given): Partial<S> {
  let changes: Partial<S> = {};
  for (const [key, value] of given) changes = { ...changes, ...specs[key]?.parse(value) };
  return changes;
}
