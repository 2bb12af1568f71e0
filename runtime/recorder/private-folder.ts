/**
 * Whether a folder can be trusted with what is run later: texts of programs, compiled code. Built
 * for Node 8, since the preload asks too.
 */
import fs from 'node:fs';

const WRITABLE_BY_OTHERS = 0o022;

/** It is this user's, no link, and nobody else may write to it. Windows: it is a folder. */
export function isPrivateFolder(folder: string): boolean {
  try {
    const stats = fs.lstatSync(folder);
    if (!stats.isDirectory()) return false;
    return !process.getuid || (stats.uid === process.getuid() && (stats.mode & WRITABLE_BY_OTHERS) === 0);
  } catch {
    return false;
  }
}
