import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { TREE_NAMES } from "../../../../unit/fs-9p/message-maker.ts";
import { attack, namesIn, successes, successesOfNames } from "../../../nine-p-attack.ts";
import { seededRandom } from "../../../random.ts";
import { onWindows } from "./folder.ts";
import { junction, ntSymlink } from "./links.ts";

const ROUNDS = 60;
const hostileNames =
  String.raw`..\outside \ C: \??\C:\windows \\?\C:\windows file:stream file::$DATA nul LINK * sub\..\..`.split(
    " ",
  );
const secret = "the secret that is not exported";

/** As tests/unit/fs-9p/fuzz.test.ts lets a hostile client at a folder of Linux. */
export function testAttack(): void {
  test("a folder of Windows attacked by a client shows and changes nothing outside it", async () => {
    const answers = new Set<string>();
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
      const drvfs = seed % 2 === 0 ? { metadata: true } : {};
      const { folder, outside, disk, standIn, release } = onWindows({ newer: seed % 4 < 2, drvfs });
      const [dir, sub, file, link] = TREE_NAMES;
      mkdirSync(`${folder}\\${dir}\\${sub}`, { recursive: true });
      writeFileSync(`${outside}\\${file}`, secret);
      mkdirSync(`${folder}\\${file}`);
      writeFileSync(`${folder}\\${link}`, "");
      standIn.plant(`${folder}\\${file}`, junction(`\\??\\${outside}`));
      standIn.plant(`${folder}\\${link}`, ntSymlink(`\\??\\${outside}\\${file}`, false));
      const received = await attack(disk, seededRandom(seed), hostileNames);
      for (const name of namesIn(received)) answers.add(name);
      await release();
      expect({ seed, shown: received.includes(secret) }).toEqual({ seed, shown: false });
      expect(readdirSync(outside)).toEqual([file]);
      expect(readFileSync(`${outside}\\${file}`, "utf8")).toBe(secret);
      expect({ seed, handles: standIn.handles, followed: standIn.followed }).toEqual({
        seed,
        handles: 0,
        followed: 0,
      });
    }
    expect([...answers]).toEqual(expect.arrayContaining([...successes, ...successesOfNames]));
  });
}
