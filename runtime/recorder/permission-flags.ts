/**
 * Whether Node's permission model will keep a process from the instrument's files. Node 20 then
 * ends before its program begins, so the instrument must not be asked for.
 */
const PERMISSION_FLAG = /^--(?:experimental-)?permission$/;
/** Ends the sentence "was not traced: …". */
export const KEPT_BY_PERMISSIONS =
  "Node's permission model (--permission) keeps the instrument from its files";

/**
 * @param flags of the command line and of NODE_OPTIONS
 * @param agent its file, to be read
 * @param recording the folder, to be written to
 */
export function arePermissionsMissing(flags: readonly string[], agent: string, recording: string): boolean {
  if (!flags.some((flag) => PERMISSION_FLAG.test(flag))) return false;
  return !isAllowed(flags, '--allow-fs-read', agent) || !isAllowed(flags, '--allow-fs-write', recording);
}

/** A permission names `*`, a file, or what a path begins with, a star behind it. */
function isAllowed(flags: readonly string[], permission: string, path: string): boolean {
  return flags.some((flag, i) => {
    const [name, given = flags[i + 1]] = flag.split('=', 2);
    if (name !== permission || given === undefined) return false;
    return given.split(',').some((place) => place === '*' || path.startsWith(place.replace(/\*$/, '')));
  });
}
