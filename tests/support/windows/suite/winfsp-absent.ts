/** Run by node.exe under Wine without WinFsp: what the addon says then. `node winfsp-absent.mjs RESULTS` */
import { writeFileSync } from "node:fs";
import type { WinfspModule } from "../../../../native/winfsp/native.d.ts";
import { loadNativeAddon } from "../../../../src/base/windows/native-addon.ts";

const [results = ""] = process.argv.slice(2);
// What native.d.ts says of the addon that was built with it.
const addon = loadNativeAddon("winfsp") as WinfspModule;
const options = {
  mountPoint: "",
  prefix: String.raw`\tswsl$\debian`,
  fileSystemName: "tswsl",
  deadlineMs: 1,
  attributeTimeoutMs: 0,
};
const volume = addon.createVolume(options, () => {});
const outcome = await volume.mount();
await volume.unmount();
writeFileSync(results, JSON.stringify({ missing: addon.whatIsMissing(), outcome }));
