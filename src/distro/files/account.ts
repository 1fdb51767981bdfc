import { TswslError } from "../../base/errors.ts";

/** A user of a distro, as far as its files are concerned. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Absolute. */
  readonly home: string;
}

/** The largest uid; (uid_t)-1 means none. */
const MAX_UID = 0xffff_fffe;

/**
 * The user of this name, or decimal uid, in a passwd(5) file, which a distro may have filled with anything: lines that
 * are none are passed over. root and uids are there without a line. Raises `not-found`.
 */
export function findAccount(passwd: string | null, user: string, distro: string): Account {
  const accounts = (passwd ?? "").split("\n").flatMap(parseLine);
  const uid = numberOf(user) ?? (user === "root" ? 0 : undefined);
  const named = accounts.find(({ name }) => name === user) ?? accounts.find((account) => account.uid === uid);
  if (named !== undefined) return named;
  if (uid !== undefined) return { name: user, uid, gid: uid, home: uid === 0 ? "/root" : "/" };
  throw new TswslError("not-found", `there is no user '${user}' in '${distro}'`, {
    hint: `Its users: tswsl cat ${distro}:/etc/passwd`,
  });
}

function parseLine(line: string): Account[] {
  const [name = "", , uidText = "", gidText = "", , home = ""] = line.split(":");
  const [uid, gid] = [numberOf(uidText), numberOf(gidText)];
  if (name === "" || uid === undefined || gid === undefined) return [];
  return [{ name, uid, gid, home: home.startsWith("/") ? home : "/" }];
}

function numberOf(text: string): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const number = Number(text);
  return number <= MAX_UID ? number : undefined;
}
