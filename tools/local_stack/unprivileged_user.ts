// Tells whom to run a server as that refuses to run as root.

/** Ids as `Deno.Command` takes them. */
export type UnprivilegedUser = { uid: number; gid: number };

/**
 * Returns undefined unless we are root; then the user `postgres`, else `nobody`.
 * @throws {Error} we are root and neither user exists.
 */
export function unprivilegedUser(): UnprivilegedUser | undefined {
  if (Deno.uid() !== 0) return undefined;
  const accounts = Deno.readTextFileSync("/etc/passwd");
  for (const name of ["postgres", "nobody"]) {
    const account = new RegExp(`^${name}:[^:]*:(?<uid>\\d+):(?<gid>\\d+):`, "m").exec(accounts);
    const { uid, gid } = account?.groups ?? {};
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("Cannot run PostgreSQL as root, and there is no user postgres or nobody");
}
