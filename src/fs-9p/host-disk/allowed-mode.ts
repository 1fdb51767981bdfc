import { S_IFDIR, S_IFMT } from "../linux.ts";

/** Set-user-ID and set-group-ID. */
const SET_ID = 0o6000;

/**
 * The permission bits that a client may give a file on the host: all but the set-ID bits, with which a guest could make a
 * program that runs as the host's user for every other user of the host. Of a directory they only hand its group down.
 */
export function allowedMode(mode: number): number {
  return (mode & S_IFMT) === S_IFDIR ? mode & 0o7777 : mode & 0o7777 & ~SET_ID;
}
