import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
import { cacheFolder } from "../../scripts/lib/cache-folder.ts";
import { BootstrapSource } from "../../src/distro/source/index.ts";

/**
 * Writes `debian.tar.zst` into a folder: what `install debian --bootstrap --include PACKAGE,…` installs, from the same
 * cache.
 */
export async function debianArchive(folder: string, include: readonly string[]): Promise<string> {
  const path = join(folder, "debian.tar.zst");
  const source = new BootstrapSource({ flavor: "debian", include, cache: join(cacheFolder(), "bootstrap") });
  try {
    const { stream } = await source.open(AbortSignal.timeout(280_000), () => undefined);
    const params = { [constants.ZSTD_c_compressionLevel]: 1 };
    await pipeline(stream, createZstdCompress({ params }), createWriteStream(path));
  } finally {
    await source.close();
  }
  return path;
}
