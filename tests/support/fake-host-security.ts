import type { ObjectOwner, ProcessToken } from "../../native/vmp/native.d.ts";
import type { HostSecurity } from "../../src/base/windows/host-security.ts";

export const USER = "S-1-5-21-7-7-7-1001";

const token: ProcessToken = { error: 0, user: USER, owner: USER, elevated: false, groups: [] };
const owned: ObjectOwner = { error: 0, owner: USER, access: "D:", process: 4711 };

interface Answers {
  readonly token?: Partial<ProcessToken>;
  /** One after the other; the last is repeated. */
  readonly servers?: readonly Partial<ObjectOwner>[];
  readonly file?: Partial<ObjectOwner>;
  readonly setPipeAccess?: number;
}

/** The security calls of a Windows that answers from a table, and remembers which access lists were set. */
export function fakeHostSecurity(answers: Answers = {}): HostSecurity & { readonly set: [string, string][] } {
  const set: [string, string][] = [];
  const servers = [...(answers.servers ?? [{}])];
  return {
    set,
    processToken: () => ({ ...token, ...answers.token }),
    fileOwner: async () => ({ ...owned, ...answers.file }),
    pipeServer: async () => ({ ...owned, ...(servers.length > 1 ? servers.shift() : servers[0]) }),
    setPipeAccess: async (path, access) => {
      set.push([path, access]);
      return answers.setPipeAccess ?? 0;
    },
  };
}
