import { appendFileSync } from "node:fs";
import type { HcsModule } from "../../../../native/hcs/native.d.ts";
import type { VmpModule } from "../../../../native/vmp/native.d.ts";
import { loadNativeAddon } from "../../../../src/base/windows/native-addon.ts";
import { environment } from "./environment.ts";

const called = new Set<string>();

/** The addon, with each function that is called written to a file, once: the coverage table is made of it. */
function recorded<T extends object>(name: string, addon: T): T {
  return new Proxy(addon, {
    get(target, property, receiver) {
      const key = `${name}.${String(property)}`;
      if (!called.has(key)) appendFileSync(environment("TSWSL_TEST_CALLED"), `${key}\n`);
      called.add(key);
      return Reflect.get(target, property, receiver) as unknown;
    },
  });
}

// What native.d.ts says of the addons that were built with it.
export const hcs = recorded("hcs", loadNativeAddon("hcs") as HcsModule);
export const vmp = recorded("vmp", loadNativeAddon("vmp") as VmpModule);
