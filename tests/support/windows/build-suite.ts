/**
 * Bundles a program of suite/ with the addons that it loads, to be run on a real Windows.
 * `node tests/support/windows/build-suite.ts ntfs-on-windows FOLDER`
 */
import { resolve } from "node:path";
import { bundleForWindows } from "./suite/run-suite.ts";

const [name, folder] = process.argv.slice(2);
if (name === undefined || folder === undefined) throw new Error("usage: build-suite.ts NAME FOLDER");
process.stdout.write(`${await bundleForWindows(name, resolve(folder))}\n`);
