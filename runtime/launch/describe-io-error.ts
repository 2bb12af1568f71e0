/**
 * Why a call of the system failed, in words that can end a sentence. They do not name the path: the
 * sentence does.
 */
export function describeIoError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && REASONS_BY_CODE[code]) || error.message.split('\n', 1)[0]!;
}

const REASONS_BY_CODE: Readonly<Record<string, string>> = {
  EACCES: 'permission is missing',
  EPERM: 'permission is missing',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than is allowed',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'it exists already',
  EMFILE: 'too many files are open',
  ELOOP: 'its links lead in a circle',
};
