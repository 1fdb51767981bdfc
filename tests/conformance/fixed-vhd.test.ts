import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { makeFixedVhd } from "../../scripts/windows/fixed-vhd.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** The reader that we did not write. */
const qemuImg = promisify(execFile);
const hasQemuImg = ((): boolean => {
  try {
    execFileSync("qemu-img", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!hasQemuImg)(
  "qemu-img reads our fixed VHD as the image (skipped without qemu-utils)",
  async () => {
    const folder = await temporaryDirectory();
    const [image, vhd] = [join(folder, "image"), join(folder, "image.vhd")];
    await writeFile(image, randomBytes(3 * 1024 * 1024));
    await makeFixedVhd(image, vhd);
    // As Windows does: other readers may go by the geometry, which rounds.
    const asVhd = `driver=vpc,force_size_calc=current_size,file.driver=file,file.filename=${vhd}`;
    const asRaw = `driver=raw,file.driver=file,file.filename=${image}`;
    const info = await qemuImg("qemu-img", ["info", "--output=json", "--image-opts", asVhd]);
    expect(JSON.parse(info.stdout)).toMatchObject({ format: "vpc", "virtual-size": 3 * 1024 * 1024 });
    const { stdout } = await qemuImg("qemu-img", ["compare", "--image-opts", asVhd, asRaw]);
    expect(stdout).toBe("Images are identical.\n");
  },
);
