/** Numbers of a user, as a distro's /etc/passwd has them. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

export const rootIds: UserIds = { uid: 0, gid: 0 };

/**
 * The numbers of a user, by name or by decimal uid, in the text of /etc/passwd (passwd(5)). The file is the distro's:
 * what does not fit is passed over, and a user who is not in it is root's business alone: undefined.
 */
export function findUser(passwd: string, user: string): UserIds | undefined {
  for (const line of passwd.split("\n")) {
    const [name, , uid = "", gid = ""] = line.split(":");
    if (name !== user && uid !== user) continue;
    if (isId(uid) && isId(gid)) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) < 0xffff_ffff;
}
