import { join } from "node:path";
import { ensureKernel } from "../../scripts/build-kernel.ts";

/**
 * The kernel in the form that QEMU starts fastest. `./test` has built it before, so it is only looked up here;
 * `TSWSL_TEST_KERNEL` names another one to try.
 */
export async function testKernel(): Promise<string> {
  return process.env["TSWSL_TEST_KERNEL"] ?? join(await ensureKernel(), "vmlinux");
}
